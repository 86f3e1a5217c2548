import fc from 'fast-check';
import { parseRequestId } from '../../../src/domain/ids.ts';
import type { EntryContent } from '../../../src/log/contract.ts';
import { decodeEntry, encodeEntry } from '../../../src/log/wire/codec.ts';
import { cpuMs } from '../../support/cpu-ms.ts';
import { assert, suite } from '../../support/suite.ts';
import { anyRequest } from '../any-request.ts';
import { spoiltBytes, spoiltMembers } from '../spoilt-entry.ts';
import { isWithinLimits } from '../within-limits.ts';

const test = suite('entries that were spoilt on their way');

/** The reason must fit into a TEXT column, and people must be able to read it. */
const whyLengthMax = 1_000;

/**
 * Asserts one of three: a request that the contract allows, broken for a readable reason, or of a newer
 * version.
 */
const isJudged = (content: EntryContent): void => {
  switch (content.type) {
    case 'newer':
      assert.ok(Number.isSafeInteger(content.version) && content.version > 2, `version ${content.version}`);
      return;
    case 'broken':
      assert.ok(content.why.length > 0 && content.why.length <= whyLengthMax, content.why);
      assert.ok(content.why.isWellFormed(), JSON.stringify(content.why));
      return;
    case 'request': {
      assert.ok(isWithinLimits(content.request), JSON.stringify(content.request));
      const again = encodeEntry(content.request).map((field) => Buffer.from(field));
      assert.equal(decodeEntry(again), content);
    }
  }
};

const judged = (fields: readonly Buffer[]): EntryContent => {
  const content = decodeEntry(fields);
  isJudged(content);
  return content;
};

/** The request id that a person would find in it. */
const idIn = (wire: unknown): unknown => {
  const { id }: { readonly id?: unknown } = Object(wire);
  return typeof id === 'string' ? parseRequestId(id) : undefined;
};

test('every request within the limits is judged to be within them', () => {
  fc.assert(fc.property(anyRequest, (event) => assert.ok(isWithinLimits(event))));
});

test('a request with a few bytes changed is a request within the limits, broken, or of a later version', () => {
  const seen = new Set<string>();
  // Random damage hits the one byte of the version too seldom.
  const later = ['v', '7', 'r', '{}'].map((field) => Buffer.from(field));
  fc.assert(
    fc.property(spoiltBytes, (fields) => {
      seen.add(judged(fields).type);
    }),
    { numRuns: 6_000, examples: [[later]] },
  );
  assert.equal([...seen].sort(), ['broken', 'newer', 'request'], 'all three happen');
});

test('a request with one member changed is a request within the limits, or broken, and is told whose it was', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(spoiltMembers, (fields) => {
      const content = judged(fields);
      seen.add(content.type);
      if (content.type === 'broken') assert.is(content.requestId, idIn(JSON.parse(String(fields[3]))));
    }),
    { numRuns: 6_000 },
  );
  assert.equal([...seen].sort(), ['broken', 'request'], 'both happen');
});

test('any list of fields is judged: odd in number, empty, repeated, with names of other lengths', () => {
  const name = fc.constantFrom('v', 'r', '', 'V', 'vv', 'v\u0000', '\u0000v', 'x');
  const value = fc.oneof(
    fc.constantFrom(
      '1',
      '2',
      '0',
      '1e0',
      '١',
      '+1',
      ' 1',
      '1\n',
      '999999999',
      '9999999999',
      '{}',
      'null',
      '[]',
      '"',
    ),
    fc.string({ unit: 'binary' }),
    anyRequest.map((event) => encodeEntry(event)[3]),
  );
  const field = fc.oneof(name, value).map((text) => Buffer.from(text));
  const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: field }, bytes), { maxLength: 9 }), (fields) => {
      const content = judged(fields);
      if (content.type === 'request') assert.is(fields.length, 4);
    }),
    { numRuns: 6_000 },
  );
});

/** Entries of the largest size that is still parsed, with the most difficult JSON of that size. */
const unkind: readonly (readonly [what: string, json: string])[] = [
  ['nested a hundred thousand deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['nested and never closed', '['.repeat(260_000)],
  ['objects in objects', `${'{"t":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
  ['a request nested in its lines', `{"t":"reserve","lines":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['twenty thousand unknown members', `{"t":"reserve",${members(20_000)}}`],
  ['twenty thousand rules', `{"t":"open","rules":{${members(20_000)}}}`],
  ['eighty thousand lines', `{"t":"reserve","lines":[${'[],'.repeat(80_000)}[]]}`],
  ['sixty thousand pools', `{"t":"open","pools":[${'["a"],'.repeat(40_000)}[]]}`],
  ['a number of two hundred thousand digits', `{"t":"change","rev":${'9'.repeat(200_000)}}`],
  ['a name of two hundred thousand characters', `{"t":"open","name":"${'x'.repeat(200_000)}"}`],
  ['a name of lone surrogates', `{"t":"open","name":"${'\\ud800'.repeat(40_000)}"}`],
  ['the kind of a request, two hundred thousand long', `{"t":"${'x'.repeat(200_000)}"}`],
];

function members(count: number): string {
  return Array.from({ length: count }, (_, n) => `"m${n}":1`).join(',');
}

for (const [what, json] of unkind) {
  test(`${what}: judged at once`, () => {
    const began = cpuMs();
    const content = judged([Buffer.from('v'), Buffer.from('1'), Buffer.from('r'), Buffer.from(json)]);
    assert.is(content.type, 'broken');
    const ms = cpuMs() - began;
    assert.ok(ms < 5_000, `it took ${ms.toFixed(0)} ms`);
  });
}

test('names that objects have by themselves are members like any other', () => {
  for (const t of ['toString', '__proto__', 'constructor', 'hasOwnProperty', 'valueOf'])
    assert.is(judged(fieldsOf(`{"t":"${t}"}`)).type, 'broken', t);
  const [, , , good] = encodeEntry(fc.sample(anyRequest, { numRuns: 1, seed: 1 })[0] ?? never());
  for (const member of ['"__proto__":{"t":"open"}', '"__proto__":null', '"constructor":1', '"toJSON":1'])
    assert.is(judged(fieldsOf(good.replace('{', `{${member},`))).type, 'broken', member);
});

const fieldsOf = (json: string): readonly Buffer[] =>
  ['v', '1', 'r', json].map((field) => Buffer.from(field));

const never = (): never => {
  throw new Error('fast-check made no request');
};
