import fc from 'fast-check';
import {
  madeAtMs,
  newUuidText,
  parseCustomerId,
  parsePoolId,
  parseReservationId,
  partitionOf,
} from '../../src/domain/ids.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('ids');

test('an id carries its partition and its time', () => {
  const parts = fc.record({
    timeMs: fc.nat({ max: 2 ** 48 - 1 }),
    partition: fc.nat({ max: 4_095 }),
    tail: fc.stringMatching(/^[0-9a-f]{16}$/),
  });
  fc.assert(
    fc.property(parts, ({ timeMs, partition, tail }) => {
      const id = parseReservationId(newUuidText({ timeMs, partition, tail }));
      assert.ok(id);
      if (id) assert.equal([partitionOf(id), madeAtMs(id)], [partition, timeMs]);
    }),
  );
});

test('what is not a lower-case UUIDv8 is no id', () => {
  for (const text of [
    '',
    'x',
    '018bcfe5-6800-8000-8000-00000000000',
    '018bcfe5-6800-7000-8000-000000000001',
    '018bcfe5-6800-8000-c000-000000000001',
    '018BCFE5-6800-8000-8000-000000000001',
    '018bcfe5-6800-8000-8000-000000000001\n',
  ]) {
    assert.is(parseReservationId(text), undefined, text);
  }
});

test('a customer id is 1 to 128 bytes of well-formed text, counted in bytes', () => {
  const accepted = (text: string): boolean => parseCustomerId(text) !== undefined;
  assert.ok(accepted('서울'));
  assert.ok(accepted('a'.repeat(128)));
  assert.ok(accepted('é'.repeat(64)));
  for (const text of ['', 'a'.repeat(129), 'é'.repeat(65), '\ud800']) assert.not(accepted(text));
});

test('bytes are counted as UTF-8 counts them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), (text) => {
      assert.is(parseCustomerId(text) !== undefined, Buffer.byteLength(text) <= 128);
    }),
  );
});

test('a pool id is 1 to 64 letters, digits, dashes and underscores', () => {
  assert.ok(parsePoolId('A-z_9'));
  for (const text of ['', 'a b', 'a'.repeat(65), 'é', 'a\n']) assert.is(parsePoolId(text), undefined);
});
