import { Compile } from 'typebox/schema';
import type { AnyCall, Operation } from './any-call.ts';
import type { Schema } from './any-value.ts';

/** As much of the document as calls are made and judged by. */
export interface CallableApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export const parseCallableApi = (text: string): CallableApi => JSON.parse(text) as CallableApi;

export interface Told {
  readonly status: number;
  /** The content type as it came. */
  readonly type: string;
  readonly text: string;
}

const problemType = 'application/problem+json';

/** What the router itself answers where no operation is, whatever was sent. */
const codesOfNoOperation: readonly string[] = ['method-not-allowed', 'not-found', 'invalid-request'];

/** Tells what is wrong with an answer by the document's own words; undefined when nothing is. */
export const newJudge = ({
  components,
}: CallableApi): ((call: AnyCall, told: Told) => string | undefined) => {
  const validators = new Map<Schema, ReturnType<typeof Compile>>();
  const isAsDescribed: Check = (schema, value) => {
    const compiled = validators.get(schema) ?? Compile(parseSchema(schema, components.schemas));
    validators.set(schema, compiled);
    return compiled.Check(value);
  };
  return ({ operation }, told) => {
    if (told.status >= 500 && told.status !== 503) return 'broken';
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

/** The document names the codes of each status of each route: its examples. */
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
