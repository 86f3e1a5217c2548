import type { FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { type FieldError, invalidRequest, ProblemError } from '../problems/problem.ts';
import { optionalBody, patternWords } from './fields.ts';

type Finding = ReturnType<Validator['Errors']>[number];

/**
 * Validates with the same schemas that OpenAPI shows. Nothing is removed from a body, and nothing in it is
 * coerced. A query string contains only text, so its whole numbers are parsed. Of the mistakes in a body, the
 * first eight are reported.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const mayBeAbsent = httpPart === 'body' && Object.keys(optionalBody).every((mark) => mark in schema);
  const root = httpPart === 'headers' ? '' : '#';
  if (httpPart !== 'querystring')
    return (data: unknown) =>
      (data === null && mayBeAbsent) || validator.Check(data) ? true : refused(validator, data, root);
  const numbers = numbersOf(schema);
  return (data: unknown) => {
    const value = withNumbers(Object(data), numbers);
    return validator.Check(value) ? { value } : refused(validator, value, '?');
  };
};

/** A value of a body that was checked by a schema of its own. */
export type Checked<Value> =
  | { readonly type: 'valid'; readonly value: Value }
  | { readonly type: 'mistaken'; readonly errors: readonly FieldError[] };

/** Checks one part of a body apart from the others; `at` is the JSON pointer to the part. */
export const newPartCheck = <Schema extends TSchema>(schema: Schema) => {
  const validator = Compile(schema);
  return (part: unknown, at: `#${string}`): Checked<Static<Schema>> =>
    validator.Check(part)
      ? { type: 'valid', value: part }
      : { type: 'mistaken', errors: fieldErrorsOf(validator, part, at) };
};

const numbersOf = ({ properties }: TSchema & { readonly properties?: object }): readonly string[] =>
  Object.entries(properties ?? {}).flatMap(([name, { type }]) => (type === 'integer' ? [name] : []));

/**
 * The only accepted form of a number: `true`, `0x5`, ` 5` and `1e1` are refused, although libraries convert
 * them to numbers.
 */
const wholeNumber = /^(?:0|-?[1-9][0-9]{0,14})$/;

type Query = Readonly<Record<string, unknown>>;

const withNumbers = (query: Query, names: readonly string[]): Query => {
  const read = names.flatMap((name) => {
    const given = query[name];
    return typeof given === 'string' && wholeNumber.test(given) ? [[name, Number(given)] as const] : [];
  });
  return read.length === 0 ? query : { ...query, ...Object.fromEntries(read) };
};

/**
 * The root of a pointer: '#…' for a JSON pointer into the body, '?' for a query parameter, '' for a header by
 * its name.
 */
type Root = `#${string}` | '?' | '';

const refused = (validator: Validator, data: unknown, root: Root): { error: ProblemError } => {
  if (root === '#' && data === null) return { error: new ProblemError(noBody) };
  return { error: new ProblemError(invalidRequest(fieldErrorsOf(validator, data, root))) };
};

const fieldErrorsOf = (validator: Validator, data: unknown, root: Root): readonly FieldError[] =>
  validator.Errors(data).flatMap((finding) => fieldErrors(finding, root));

const noBody = invalidRequest([{ pointer: '#', detail: 'a JSON body is required' }]);

const fieldErrors = (finding: Finding, root: Root): readonly FieldError[] => {
  const at = (name?: string): string => pointer(root, finding.instancePath, name);
  switch (finding.keyword) {
    // Each unknown property gives one finding of this kind, eight at most, and then one finding for all of
    // them.
    case 'boolean':
      return [{ pointer: at(), detail: 'is not known here' }];
    case 'additionalProperties':
      return [];
    case 'required':
      return finding.params.requiredProperties.map((name) => ({ pointer: at(name), detail: 'is required' }));
    case 'enum':
      return [{ pointer: at(), detail: `must be one of ${finding.params.allowedValues.join(', ')}` }];
    case 'pattern':
      return [{ pointer: at(), detail: patternWords.get(String(finding.params.pattern)) ?? finding.message }];
    case 'format':
      return [{ pointer: at(), detail: 'must be a time like 2026-01-31T20:00:00.000Z (RFC 3339)' }];
    case 'type':
      // The values of a query are texts; a name that occurs twice has a list of them.
      return [{ pointer: at(), detail: root === '?' ? queryWords(finding.params.type) : finding.message }];
    default:
      return [{ pointer: at(), detail: finding.message }];
  }
};

const queryWords = (type: string | readonly string[]): string =>
  type === 'integer' ? 'must be one whole number, in digits alone' : 'must come once';

const pointer = (root: Root, instancePath: string, name?: string): string => {
  const path =
    name === undefined ? instancePath : `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return root.startsWith('#') ? `${root}${path}` : `${root}${path.slice(1)}`;
};
