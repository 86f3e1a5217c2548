import fc from 'fast-check';
import { anyValue, type Known, type Schema, someIds } from './any-value.ts';

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}

export interface AnyCall {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const anyBody = (operation: Operation, known: Known): fc.Arbitrary<string | undefined> => {
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (!schema) return fc.constant(undefined);
  const text = (value: unknown): string => JSON.stringify(value) ?? '';
  return fc.oneof(
    { weight: 10, arbitrary: anyValue(schema, known, 0).map(text) },
    { weight: 8, arbitrary: anyValue(schema, known, 8).map(text) },
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

const identities: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom({ 'x-customer-id': 'ann', 'x-admin': 'true' }, { 'x-customer-id': 'ann' }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Readonly<Record<string, string>>[]>(
      { 'x-admin': 'true' },
      { 'x-service': 'true', 'x-customer-id': 'ann' },
      { 'x-service': 'true' },
      { 'x-customer-id': 'bob' },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constant({}),
      fc.string().map((id) => ({ 'x-customer-id': id })),
    ),
  },
);

const headerValues = (name: string): fc.Arbitrary<string | undefined> => {
  const usual: Readonly<Record<string, fc.Arbitrary<string>>> = {
    prefer: fc.constantFrom('wait=1', 'wait=2', 'respond-async, wait=1', 'wait=99999', 'wait=-1', 'wait'),
    'if-match': fc.constantFrom('"1.0"', '"1.1"', 'W/"2.5"', '"3.7"', '*'),
    'idempotency-key': fc.oneof(
      fc.constantFrom('"a"', 'a', 'b'),
      fc.stringMatching(/^[!#-+\--:<-[\]-~]{1,255}$/),
    ),
  };
  const good = usual[name] ?? fc.constantFrom('"1.0"', 'pending', '*', '""');
  return fc.oneof(
    { weight: 6, arbitrary: good },
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.string() },
  );
};

// What a header may carry at all (RFC 9110 §5.5): Node refuses to send the rest.
const isSendable = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

const contentTypes = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/json; charset=latin1', 'x', '') },
);

const anyHeaders = ({ parameters = [] }: Operation): fc.Arbitrary<Readonly<Record<string, string>>> => {
  const names = parameters.filter((each) => each.in === 'header').map(({ name }) => name);
  const values = fc.record(Object.fromEntries(names.map((name) => [name, headerValues(name)])));
  return fc.tuple(identities, values).map(([identity, own]) => {
    const sendable = Object.entries({ ...identity, ...own }).flatMap(([name, value]) =>
      typeof value === 'string' && isSendable(value) ? [[name, value] as const] : [],
    );
    return Object.fromEntries(sendable);
  });
};

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
  );
  return fc.tuple(ids, fc.record(Object.fromEntries(queries))).map(([id, query]) => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, asText(value)]));
    const path = template.replace('{id}', encodeURIComponent(id.toWellFormed()).replace(/^\.+$/, 'dots'));
    return given.length > 0 ? `${path}?${search}` : path;
  });
};

/** A call of this operation: mostly as the contract wants it, sometimes not at all. */
export const anyCallOf = (
  {
    path,
    method,
    operation,
  }: { readonly path: string; readonly method: string; readonly operation: Operation },
  known: Known,
): fc.Arbitrary<AnyCall> =>
  fc
    .tuple(anyPath(path, operation, known), anyHeaders(operation), contentTypes, anyBody(operation, known))
    .map(([filled, named, type, body]) => ({
      operation,
      method,
      path: filled,
      headers: { ...named, ...(body !== undefined && { 'content-type': type }) },
      body,
    }));
