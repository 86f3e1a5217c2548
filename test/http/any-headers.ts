import fc from 'fast-check';
import type { Schema } from './any-value.ts';

export interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly schema: Schema;
}

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
      fc
        .string({ unit: 'grapheme' })
        .map((id) => ({ 'x-customer-id': `UTF-8''${encodeURIComponent(id.toWellFormed())}` })),
      fc.constant({ 'x-service': 'true', 'x-customer-id': '' }),
    ),
  },
);

const headerValues = (name: string): fc.Arbitrary<string | undefined> => {
  const usual: Readonly<Record<string, fc.Arbitrary<string>>> = {
    prefer: fc.constantFrom('wait=1', 'wait=2', 'respond-async, wait=1', 'wait=99999', 'wait=-1', 'wait'),
    'if-match': fc.oneof(
      fc.constantFrom(
        '"1.0"',
        '"1.1"',
        'W/"2.5"',
        '"3.7"',
        '*',
        '"1.1", "2.5",W/"3.7"',
        '"1.1",*',
        ',',
        '"a,b"',
      ),
      fc
        .array(fc.integer({ min: 1, max: 300 }), { maxLength: 150 })
        .map((revisions) => revisions.map((revision) => `"${revision}.1"`).join(',')),
    ),
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

/** Headers of every kind for every route, whether or not it reads them. */
const strayHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ...[
          'authorization',
          'x-customer-id',
          'x-admin',
          'x-service',
          'prefer',
          'idempotency-key',
          'if-match',
        ],
        ...[
          'if-none-match',
          'last-event-id',
          'accept',
          'content-encoding',
          'origin',
          'x-forwarded-for',
          'cookie',
        ],
      ),
      fc.oneof(
        fc.string(),
        fc.string({ unit: fc.integer({ min: 0x80, max: 0xff }).map((byte) => String.fromCharCode(byte)) }),
        fc.constantFrom(
          '',
          ' ',
          '*',
          '"',
          '""',
          ',',
          ';',
          '=',
          'wait="1',
          'W/',
          'Bearer',
          'Bearer a.b.c',
          'Basic eDp5',
        ),
        fc.constantFrom(
          'x'.repeat(300),
          `${'a,'.repeat(400)}`,
          `wait=1${';x="\\"'.repeat(200)}`,
          '"'.repeat(500),
          `wait=${' '.repeat(15_000)}"x`,
        ),
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((headers) => Object.fromEntries(headers));

const extraHeaders = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Readonly<Record<string, string>>>({}) },
  { weight: 1, arbitrary: strayHeaders },
);

// The characters that a header may contain at all (RFC 9110 §5.5); Node refuses to send others.
const isSendable = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

/**
 * Mostly headers that the operation reads, of a caller with the needed rights; sometimes headers that it does
 * not read at all.
 */
export const anyHeaders = (
  parameters: readonly Parameter[],
): fc.Arbitrary<Readonly<Record<string, string>>> => {
  const names = parameters.filter((each) => each.in === 'header').map(({ name }) => name);
  const values = fc.record(Object.fromEntries(names.map((name) => [name, headerValues(name)])));
  return fc.tuple(identities, values, extraHeaders).map(([identity, own, extra]) => {
    const sendable = Object.entries({ ...identity, ...own, ...extra }).flatMap(([name, value]) =>
      typeof value === 'string' && isSendable(value) ? [[name, value] as const] : [],
    );
    return Object.fromEntries(sendable);
  });
};
