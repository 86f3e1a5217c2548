import { Compile } from 'typebox/schema';
import type { AnyCall, Operation } from './any-call.ts';
import type { Schema } from './any-value.ts';

/** The part of the document that is needed to make and judge calls. */
export interface CallableApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export const parseCallableApi = (text: string): CallableApi => JSON.parse(text) as CallableApi;

export interface Told {
  readonly status: number;
  /** The content type exactly as received. */
  readonly type: string;
  readonly text: string;
}

/**
 * Mistakes for which any call must be refused, whatever else is right about it. These rules are short on
 * purpose, unlike the code that they check.
 */
const mistakeIn = ({ path, headers, operation }: AnyCall): string | undefined => {
  const limits = new URLSearchParams(path.split('?').slice(1).join('?')).getAll('limit');
  const takesLimit = operation?.parameters?.some(({ name }) => name === 'limit') ?? false;
  if (takesLimit && limits.some((limit) => !/^[1-9][0-9]{0,2}$/.test(limit))) return `limit=${limits}`;
  if (takesLimit && limits.length > 1) return 'a limit that comes twice';
  const isService = headers['x-service'] === 'true' && headers['authorization'] === undefined;
  return isService && headers['x-customer-id'] === '' && operation?.security
    ? 'a service with an empty X-Customer-Id'
    : undefined;
};

const problemType = 'application/problem+json';

/**
 * The codes where no operation exists: those of the router, and those of the head, which is checked before
 * the address.
 */
const codesOfNoOperation: readonly string[] = [
  'method-not-allowed',
  'not-found',
  'invalid-request',
  'headers-too-large',
];

/** Returns what is wrong with an answer according to the document; undefined when nothing is. */
export const newJudge = ({
  components,
}: CallableApi): ((call: AnyCall, told: Told) => string | undefined) => {
  const validators = new Map<Schema, ReturnType<typeof Compile>>();
  const isAsDescribed: Check = (schema, value) => {
    const compiled = validators.get(schema) ?? Compile(parseSchema(schema, components.schemas));
    validators.set(schema, compiled);
    return compiled.Check(value);
  };
  return (call, told) => {
    const { operation } = call;
    if (told.status >= 500 && told.status !== 503) return 'broken';
    const mistake = told.status < 400 ? mistakeIn(call) : undefined;
    if (mistake !== undefined) return `${mistake} is taken`;
    return operation ? faultIn(operation, told, isAsDescribed) : faultWithoutOperation(told);
  };
};

type Check = (schema: Schema, value: unknown) => boolean;

const faultIn = (
  { responses }: Operation,
  { status, type, text }: Told,
  isAsDescribed: Check,
): string | undefined => {
  const described = responses[String(status)];
  if (!described) return 'a status that is not documented';
  if (text === '' && status < 400) return undefined;
  const { schema, examples = {} } = described.content?.[mediaOf(type)] ?? {};
  if (!schema) return `a body of ${type} that is not documented`;
  const value: unknown = JSON.parse(text);
  if (!isAsDescribed(schema, value)) return 'a body that is not as described';
  return status >= 400 ? faultInProblem(status, Object(value), Object.keys(examples)) : undefined;
};

const mediaOf = (type: string): string => type.split(';', 1).join();

const parseSchema = (schema: Schema, schemas: CallableApi['components']['schemas']): Schema =>
  JSON.parse(
    JSON.stringify({ ...schema, $defs: schemas }).replaceAll('#/components/schemas/', '#/$defs/'),
  ) as Schema;

type Problem = Readonly<Record<string, unknown>>;

/** The document names the codes for each status of each route in its examples. */
const faultInProblem = (status: number, problem: Problem, codes: readonly string[]): string | undefined => {
  if (problem['status'] !== status) return 'a problem of another status';
  if (!codes.includes(String(problem['code'])))
    return `a code that is not documented here: ${problem['code']}`;
  return problem['type'] === `/problems/${problem['code']}` ? undefined : 'a type that is not its code';
};

const faultWithoutOperation = ({ type, text }: Told): string | undefined => {
  if (mediaOf(type) !== problemType) return `a body of ${type} where there is no such call`;
  const { code }: Problem = Object(JSON.parse(text));
  return codesOfNoOperation.includes(String(code)) ? undefined : `${code} where there is no such call`;
};
