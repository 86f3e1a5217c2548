import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import {
  type CustomerId,
  madeAtMs,
  parseCustomerId,
  parsePoolId,
  parseReservationId,
  parseShowId,
  partitionOf,
} from '../../../src/domain/ids.ts';
import { newKeyedTag } from '../../../src/http/identity/keyed-tag.ts';
import { newReservationIds } from '../../../src/http/identity/reservation-ids.ts';
import { patterns } from '../../../src/http/message/fields.ts';
import { parseGivenShowId } from '../../../src/http/message/given-ids.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('http: reservation ids');

const parseCustomer = (text: string): CustomerId => {
  const id = parseCustomerId(text);
  if (!id) throw new Error('not a customer id');
  return id;
};
const alice = parseCustomer('alice');
const made = { nowMs: () => 1_767_225_600_123, random: () => 0.999_999_999_9 };
const ids = newReservationIds({ keys: ['one'], ...made });

test('an id tells when and for which partition it was made', () => {
  for (const partition of [0, 1, 15, 4095]) {
    const id = ids.mint(partition, alice);
    assert.is(parseReservationId(id), id);
    assert.is(partitionOf(id), partition);
    assert.is(madeAtMs(id), 1_767_225_600_123);
  }
});

test('no two ids of a process are equal, also when the counter wraps', () => {
  const many = new Set(Array.from({ length: 100_000 }, () => ids.mint(3, alice)));
  assert.is(many.size, 100_000);
  for (const id of many) assert.is(parseReservationId(id), id);
});

test('an id is its customer’s alone', () => {
  const customers = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .filter((text) => parseCustomerId(text) !== undefined);
  fc.assert(
    fc.property(customers, customers, fc.nat(4095), (one, other, partition) => {
      const id = ids.mint(partition, parseCustomer(one));
      return ids.isOwn(id, parseCustomer(one)) && (one === other || !ids.isOwn(id, parseCustomer(other)));
    }),
  );
});

test('whichever digit of an id is changed, it is nobody’s', () => {
  const id = ids.mint(7, alice);
  for (const at of [0, 9, 17, 20, 25, 28, 35]) {
    const digit = id[at] === '0' ? '1' : '0';
    const forged = parseReservationId(id.slice(0, at) + digit + id.slice(at + 1));
    assert.ok(forged && !ids.isOwn(forged, alice), `digit ${at}`);
  }
});

test('keys rotate: the first signs, all verify, and a key taken out verifies no more', () => {
  const old = ids.mint(1, alice);
  const rotated = newReservationIds({ keys: ['two', 'one'], ...made });
  const later = newReservationIds({ keys: ['two'], ...made });
  assert.ok(rotated.isOwn(old, alice));
  assert.ok(later.isOwn(rotated.mint(1, alice), alice));
  assert.not(later.isOwn(old, alice));
  assert.throws(() => newReservationIds({ keys: [], ...made }));
});

test('the tag is HMAC-SHA256, for keys and texts of any length', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      (key, text) => {
        const expected = createHmac('sha256', key).update(text).digest('hex').slice(0, 8);
        return newKeyedTag(key, 2000)(text) === expected;
      },
    ),
  );
});

test('the longest customer id there may be counts to its last byte', () => {
  const long = parseCustomer('x'.repeat(128));
  const id = ids.mint(1, long);
  assert.ok(ids.isOwn(id, long));
  assert.not(ids.isOwn(id, parseCustomer(`${'x'.repeat(127)}y`)));
});

test('the patterns of the schemas say what the domain says', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.stringMatching(/^[A-Za-z0-9_-]{60,68}$/),
    fc.uuid(),
  );
  fc.assert(
    fc.property(
      texts,
      (text) => new RegExp(patterns.poolId, 'u').test(text) === (parsePoolId(text) !== undefined),
    ),
  );
  for (const text of [
    ids.mint(1, alice),
    'x',
    ids.mint(1, alice).toUpperCase(),
    `${ids.mint(1, alice)}0`,
    '01941f29-7000-7003-8123-456789abcdef',
  ]) {
    assert.is(new RegExp(patterns.uuid, 'u').test(text), parseShowId(text) !== undefined);
    assert.is(new RegExp(patterns.givenUuid, 'u').test(text), parseGivenShowId(text) !== undefined);
  }
});
