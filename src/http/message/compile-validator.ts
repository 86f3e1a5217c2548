import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { type FieldError, invalidRequest, ProblemError } from '../problems/problem.ts';
import { optionalBody, patternWords } from './fields.ts';

type Finding = ReturnType<Validator['Errors']>[number];

/**
 * Validates with the very schemas that OpenAPI shows. Nothing is stripped and nothing in a body is coerced; a query
 * string is text by nature, so its whole numbers are read from it. Of the mistakes in a body the first eight are told.
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

const numbersOf = ({ properties }: TSchema & { readonly properties?: object }): readonly string[] =>
  Object.entries(properties ?? {}).flatMap(([name, { type }]) => (type === 'integer' ? [name] : []));

/** The one way to write it: `true`, `0x5`, ` 5` and `1e1` are no whole numbers, whatever a library makes of them. */
const wholeNumber = /^(?:0|-?[1-9][0-9]{0,14})$/;

type Query = Readonly<Record<string, unknown>>;

const withNumbers = (query: Query, names: readonly string[]): Query => {
  const read = names.flatMap((name) => {
    const given = query[name];
    return typeof given === 'string' && wholeNumber.test(given) ? [[name, Number(given)] as const] : [];
  });
  return read.length === 0 ? query : { ...query, ...Object.fromEntries(read) };
};

/** Where a pointer begins: a JSON pointer into the body, a query parameter, or a header by its name. */
type Root = '#' | '?' | '';

const refused = (validator: Validator, data: unknown, root: Root): { error: ProblemError } => {
  if (root === '#' && data === null) return { error: new ProblemError(noBody) };
  const errors = validator.Errors(data).flatMap((finding) => fieldErrors(finding, root));
  return { error: new ProblemError(invalidRequest(errors)) };
};

const noBody = invalidRequest([{ pointer: '#', detail: 'a JSON body is required' }]);

const fieldErrors = (finding: Finding, root: Root): readonly FieldError[] => {
  const at = (name?: string): string => pointer(root, finding.instancePath, name);
  switch (finding.keyword) {
    // One finding a property, of which there are at most eight, and then one for all of them.
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
      // A query has texts alone; of a name that comes twice, a list of them.
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
  return root === '#' ? `#${path}` : `${root}${path.slice(1)}`;
};
