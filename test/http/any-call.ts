import fc from 'fast-check';
import { anyHeaders, type Parameter } from './any-headers.ts';
import { anyValue, type Known, type Schema, someIds } from './any-value.ts';

interface Described {
  readonly schema?: Schema;
  /** By name; the examples of problems have their codes as names. */
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  /** Undefined where the call needs no credentials. */
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Described>> }>>;
}

export interface AnyCall {
  /** Undefined when the address does not support the method. */
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The value written for the first of two members with the same name. */
export const isTwice = '"is there twice"';

/** Repeats the name of the first member of the body, or of the first object in a list in it. */
const withTwice = (body: string): string =>
  body.replace(
    /([{[]\{|^\{)("[^"]*"):/,
    (_whole, open: string, name: string) => `${open}${name}:${isTwice},${name}:`,
  );

const anyBody = (operation: Operation, known: Known): fc.Arbitrary<string | undefined> => {
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (!schema) return fc.constant(undefined);
  const text = (value: unknown): string => JSON.stringify(value) ?? '';
  return fc.oneof(
    { weight: 10, arbitrary: anyValue(schema, known, 0).map(text) },
    { weight: 8, arbitrary: anyValue(schema, known, 8).map(text) },
    { weight: 1, arbitrary: anyValue(schema, known, 0).map((value) => `\ufeff${text(value)}`) },
    { weight: 2, arbitrary: anyValue(schema, known, 0).map((value) => withTwice(text(value))) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(anyValue(schema, known, 0), fc.nat(30))
        .map(([value, n]) => text(value).slice(0, n)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(undefined, '', '"\\ud800"', `"${'x'.repeat(17_000)}"`, '[[[[', '\u0000'),
    },
  );
};

const contentTypes = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('text/plain', 'application/json; charset=latin1', 'Application/JSON', 'x', ''),
  },
);

/** Queries that no operation defines. */
const strayQueries: fc.Arbitrary<string> = fc.oneof(
  { weight: 9, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constantFrom(
        'limit=1&limit=2',
        'limit[]=1',
        'limit=',
        'cursor',
        '__proto__=1',
        'constructor=1',
        '&&',
        '=',
        'a=%00',
      ),
      fc.constantFrom(
        'limit=1e1',
        'limit=0x5',
        'limit=true',
        'limit=%205',
        'limit=05',
        'limit=%31',
        'cursor=AAAAAAAAAAAAAAAAAAAAAA',
        'showId=&status=',
        '%ff=1',
        '%=1',
      ),
      fc.webQueryParameters(),
    ),
  },
);

const anyPath = (template: string, { parameters = [] }: Operation, known: Known): fc.Arbitrary<string> => {
  const asText = (value: unknown): string =>
    typeof value === 'string' ? value : String(JSON.stringify(value));
  const queries = parameters
    .filter((each) => each.in === 'query')
    .map(
      ({ name, schema }) =>
        [name, fc.option(anyValue(schema, known, 15), { freq: 2, nil: undefined })] as const,
    );
  const ids = fc.oneof(
    { weight: 12, arbitrary: someIds(known, template.startsWith('/v1/shows') ? 'shows' : 'reservations') },
    { weight: 1, arbitrary: fc.string({ minLength: 1 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\u0000', 'a/b', '%', 'x'.repeat(400), '{id}', '-1', 'null', ' '),
    },
  );
  return fc.tuple(ids, fc.record(Object.fromEntries(queries)), strayQueries).map(([id, query, stray]) => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, asText(value)]));
    const path = template.replace('{id}', encodeURIComponent(id.toWellFormed()).replace(/^\.+$/, 'dots'));
    const parts = [...(given.length > 0 ? [String(search)] : []), ...(stray === '' ? [] : [stray])];
    return parts.length > 0 ? `${path}?${parts.join('&')}` : path;
  });
};

const otherMethods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;

interface Offered {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** An address with a method that the contract does not define for it. */
export const wrongCallOf = (
  { path, operation }: Offered,
  documented: readonly string[],
  known: Known,
): fc.Arbitrary<AnyCall> =>
  fc
    .tuple(
      anyPath(path, operation, known),
      anyHeaders(operation.parameters ?? []),
      fc.constantFrom(...otherMethods.filter((method) => method !== 'head' && !documented.includes(method))),
    )
    .map(([filled, headers, method]) => ({
      operation: undefined,
      method,
      path: filled,
      headers,
      body: undefined,
    }));

/** A call of this operation: mostly valid by the contract, sometimes not valid at all. */
export const anyCallOf = ({ path, method, operation }: Offered, known: Known): fc.Arbitrary<AnyCall> =>
  fc
    .tuple(
      anyPath(path, operation, known),
      anyHeaders(operation.parameters ?? []),
      contentTypes,
      anyBody(operation, known),
    )
    .map(([filled, named, type, body]) => ({
      operation,
      method,
      path: filled,
      headers: { ...named, ...(body !== undefined && { 'content-type': type }) },
      body,
    }));
