import fc from 'fast-check';

/** The part of JSON Schema that the contract uses. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/**
 * The ids that exist already, so that some calls concern existing resources. Grows while the calls are made.
 */
export interface Known {
  readonly shows: string[];
  readonly reservations: string[];
}

const unusual: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', '\ud800', 'x'.repeat(300), -1, 0, 1.5, 1e300, 2 ** 53, true, null, [], {}),
  fc.string({ unit: 'binary' }),
);

/** Mostly the first or the newest id, so that several calls concern the same resource. */
const someOf = (ids: readonly string[]): fc.Arbitrary<string> =>
  fc.integer({ min: -5, max: 5 }).map((n) => ids.at(n) ?? ids.at(-1) ?? 'none');

const noIds = fc.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

export const someIds = (known: Known, kind: keyof Known): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 15, arbitrary: someOf(known[kind]) },
    // Some languages write ids in upper case.
    { weight: 3, arbitrary: someOf(known[kind]).map((id) => id.toUpperCase()) },
    { weight: 1, arbitrary: someOf(kind === 'shows' ? known.reservations : known.shows) },
    { weight: 1, arbitrary: noIds },
  );

const anyTime: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .date({ min: new Date('2000-01-01'), max: new Date('2999-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('0000-01-01T00:00:00', '9999-12-31T23:59:59.9999', '2026-10-25t02:30:00'),
        fc.constantFrom('Z', 'z', '-23:59', '+23:59', '+24:00', '+02:00'),
        fc.constantFrom(
          '',
          '[Europe/Berlin]',
          '[!Europe/Berlin]',
          '[!No/Such]',
          '[u-ca=gregory]',
          '[!u-ca=x]',
          '[!+02:00]',
          '[',
        ),
      )
      .map((parts) => parts.join('')),
  },
);

const anyString = (schema: Schema, known: Known): fc.Arbitrary<unknown> => {
  const { pattern, format, minLength = 0, maxLength = 40 } = schema;
  if (format === 'date-time') return anyTime;
  if (pattern?.startsWith('^[0-9A-Fa-f]{8}')) return someIds(known, 'shows');
  if (pattern === '^[A-Za-z0-9_-]{1,64}$')
    return fc.oneof(fc.constantFrom('stalls', 'balcony'), fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/));
  if (pattern === undefined || pattern.includes('\\P'))
    return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) });
  return fc.stringMatching(new RegExp(pattern));
};

const anyObject = (schema: Schema, known: Known, oddness: number): fc.Arbitrary<unknown> => {
  const { properties = {}, required = [] } = schema;
  const model = Object.entries(properties).map(([name, each]) => [name, anyValue(each, known, oddness)]);
  const good = fc.record<Record<string, unknown>>(Object.fromEntries(model), { requiredKeys: [...required] });
  const extra = fc
    .tuple(good, fc.string(), unusual)
    .map(([body, name, value]) => ({ ...body, [name]: value }));
  return oddness === 0 ? good : fc.oneof({ weight: 20, arbitrary: good }, { weight: 1, arbitrary: extra });
};

const anyOfType = (
  type: string | undefined,
  schema: Schema,
  known: Known,
  oddness: number,
): fc.Arbitrary<unknown> => {
  const { minimum = -1_000, maximum = 1_000, items = {}, minItems = 0, maxItems = 3 } = schema;
  switch (type) {
    case 'integer':
      return fc.oneof(
        fc.integer({ min: minimum, max: Math.min(maximum, minimum + 5) }),
        fc.integer({ min: minimum, max: maximum }),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(anyValue(items, known, oddness), {
        minLength: minItems,
        maxLength: Math.min(maxItems, 3),
      });
    case 'object':
      return anyObject(schema, known, oddness);
    default:
      return anyString(schema, known);
  }
};

/** A value of the schema; in `oddness` of a hundred positions it holds something else. */
export const anyValue = (schema: Schema, known: Known, oddness: number): fc.Arbitrary<unknown> => {
  const types = typeof schema.type === 'object' ? schema.type : [schema.type];
  const good = schema.enum
    ? fc.constantFrom(...schema.enum)
    : fc.oneof(...types.map((type) => anyOfType(type, schema, known, oddness)));
  if (oddness === 0) return good;
  return fc.oneof({ weight: 100 - oddness, arbitrary: good }, { weight: oddness, arbitrary: unusual });
};
