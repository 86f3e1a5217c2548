import fc from 'fast-check';
import type { RequestEvent } from '../../../src/domain/requests.ts';
import { decodeEntry, encodeEntry } from '../../../src/log/wire/codec.ts';
import { changing } from '../../domain/ask.ts';
import { opening, poolId, request, reservationId, showId } from '../../domain/generate.ts';
import { assert, suite } from '../../support/suite.ts';
import { anyRequest } from '../any-request.ts';

const test = suite('the codec of entries');

const fieldsOf = (...fields: readonly string[]): readonly Buffer[] =>
  fields.map((field) => Buffer.from(field));
const entryOf = (event: RequestEvent): readonly Buffer[] => fieldsOf(...encodeEntry(event));

test('whatever is within the limits is read as it was written', () => {
  fc.assert(
    fc.property(anyRequest, (event) => {
      assert.equal(decodeEntry(entryOf(event)), { type: 'request', request: event });
    }),
    { numRuns: 500 },
  );
});

test('any bytes at all are judged and never thrown', () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
  const names = fc.oneof(fc.constant(Buffer.from('v')), fc.constant(Buffer.from('r')), bytes);
  const values = fc.oneof(
    fc.constant(Buffer.from('1')),
    fc.json().map((json) => Buffer.from(json)),
    bytes,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values), { maxLength: 4 }), (pairs) => {
      assert.is.not(decodeEntry(pairs.flat()).type, 'request');
    }),
    { numRuns: 2_000 },
  );
});

test('a value spoilt in any way is broken, and says whose it was while that can be read', () => {
  const wire: unknown = JSON.parse(encodeEntry(request(1, [{ poolId: poolId('a'), quantity: 1 }]))[3]);
  const spoilt: readonly (readonly [string, unknown])[] = [
    ['extra', 1],
    ['__proto__', 1],
    ['t', 'open'],
    ['t', 'cancel'],
    ['t', undefined],
    ['show', 'x'],
    ['show', undefined],
    ['by', ''],
    ['by', 'x'.repeat(129)],
    ['by', '\ud800'],
    ['by', 7],
    ['lines', []],
    ['lines', Array(21).fill(['a', 1])],
    ['lines', [['a', 0]]],
    ['lines', [['a', 1_001]]],
    ['lines', [['a', 1.5]]],
    ['lines', [['a', '1']]],
    ['lines', [['a b', 1]]],
    ['lines', [['a', 1, 1]]],
    ['lines', [['a']]],
    ['lines', { 0: ['a', 1], length: 1 }],
    ['ref', 'x'.repeat(129)],
    ['ref', '\udfff'],
    ['ref', null],
  ];
  for (const [key, value] of spoilt) {
    const json = JSON.stringify(Object.entries(Object(wire)).filter(([name]) => name !== key));
    const entries: [string, unknown][] = JSON.parse(json);
    const body = [...entries, ...(value === undefined ? [] : [[key, value]])]
      .map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)}`)
      .join(',');
    const content = decodeEntry(fieldsOf('v', '1', 'r', `{${body}}`));
    assert.is(content.type, 'broken', `${key}: ${JSON.stringify(value)}`);
    assert.is(
      content.type === 'broken' && content.requestId,
      reservationId(1),
      content.type === 'broken' ? content.why : '',
    );
  }
});

test('a show that names a pool twice, or breaks a limit, is broken', () => {
  const wire = (pools: unknown, rules: unknown = {}) =>
    decodeEntry(
      fieldsOf('v', '1', 'r', JSON.stringify({ t: 'open', id: showId(1), name: 'A', pools, rules })),
    ).type;
  assert.is(wire([['a', 'A', 0]]), 'request');
  assert.is(
    wire([
      ['a', 'A', 1],
      ['a', 'B', 1],
    ]),
    'broken',
  );
  assert.is(wire([]), 'broken');
  assert.is(wire(Array.from({ length: 101 }, (_, n) => [`p${n}`, 'A', 1])), 'broken');
  assert.is(wire([['a', '', 1]]), 'broken');
  assert.is(wire([['a', 'x'.repeat(201), 1]]), 'broken');
  assert.is(wire([['a', 'A', -1]]), 'broken');
  assert.is(wire([['a', 'A', 2_000_000_001]]), 'broken');
  assert.is(wire([['a', 'A', 1]], { opensAtMs: 1e300 }), 'broken');
  assert.is(wire([['a', 'A', 1]], { maxPerRequest: 0 }), 'broken');
  assert.is(wire([['a', 'A', 1]], { other: 1 }), 'broken');
});

test('a later version is never judged, whatever else is in its entry', () => {
  assert.equal(decodeEntry(fieldsOf('v', '3')), { type: 'newer', version: 3 });
  assert.equal(decodeEntry(fieldsOf('x', 'y', 'v', '12', 'r', '{}')), { type: 'newer', version: 12 });
});

/**
 * An entry as a later version writes it. Readers from version `readableFrom` on may ignore the members they
 * do not know.
 */
const laterEntry = (event: RequestEvent, more: object, readableFrom?: number): readonly Buffer[] => {
  const [, version, , text] = encodeEntry(event);
  const wire: object = JSON.parse(text);
  return fieldsOf('v', `7/${readableFrom ?? version[0]}`, 'r', JSON.stringify({ ...wire, ...more }));
};

test('what a later version only added is left out, where it says that it may be', () => {
  fc.assert(
    fc.property(anyRequest, (event) => {
      const content = decodeEntry(laterEntry(event, { added: [{ deep: 1 }], via: 'x' }));
      assert.equal(content, { type: 'request', request: event });
    }),
  );
});

test('a field that a later version put beside the request is left out as well', () => {
  const event = request(1, [{ poolId: poolId('a'), quantity: 1 }]);
  const fields = [...laterEntry(event, {}), ...fieldsOf('x', 'y')];
  assert.equal(decodeEntry(fields), { type: 'request', request: event });
});

test('a later version whose entry makes no sense here is waited for, and never parked', () => {
  const reserve = request(1, [{ poolId: poolId('a'), quantity: 1 }]);
  const open = opening({ a: 1 });
  for (const fields of [
    laterEntry(reserve, { via: 'x' }, 3),
    laterEntry(reserve, { t: 'wait-for' }),
    laterEntry(reserve, { lines: [['a', 1, 'row 7']] }),
    laterEntry(open, { rules: { unheardOf: 1 } }),
    fieldsOf('v', '7/1', 'r', 'not JSON'),
    fieldsOf('v', '7/1'),
  ])
    assert.equal(decodeEntry(fields), { type: 'newer', version: 7 });
});

test('this version and the one before are read as they were written, whatever they say of readers', () => {
  const event = request(1, [{ poolId: poolId('a'), quantity: 1 }]);
  const [, , , wire] = encodeEntry(event);
  assert.equal(decodeEntry(fieldsOf('v', '1/1', 'r', wire)), { type: 'request', request: event });
  const added = wire.replace('{', '{"via":"x",');
  assert.is(decodeEntry(fieldsOf('v', '1/1', 'r', added)).type, 'broken');
});

test('a change of several revisions, or of any, is not for readers of version 1; every other request is', () => {
  const versionOf = (event: RequestEvent): string => encodeEntry(event)[1];
  assert.is(versionOf(changing({ revisions: [3] })), '1');
  assert.is(versionOf(changing({ revisions: [3, 4] })), '2/2');
  const { revisions: _one, ...ofAny } = changing();
  assert.is(versionOf(ofAny), '2/2');
  assert.is(versionOf(opening({ a: 1 })), '1');
  const [, , , wire] = encodeEntry(ofAny);
  assert.is(decodeEntry(fieldsOf('v', '1', 'r', wire)).type, 'broken');
});

test('a version that is none is broken', () => {
  for (const version of [
    '',
    '0',
    '01',
    '-1',
    '1.0',
    '2 ',
    'two',
    '99999999999',
    '2/',
    '/1',
    '2/0',
    '1/2',
    '3/2/1',
    '2/1 ',
  ]) {
    assert.is(decodeEntry(fieldsOf('v', version, 'r', '{}')).type, 'broken', version);
  }
  assert.is(decodeEntry(fieldsOf('v', '1', 'v', '2', 'r', '{}')).type, 'broken');
});

test('fields that are missing, repeated or too many make an entry broken, and all of it is kept', () => {
  const good = encodeEntry(request(1, [{ poolId: poolId('a'), quantity: 1 }]))[3];
  for (const fields of [
    [],
    ['r', good],
    ['v', '1'],
    ['v', '1', 'r', good, 'r', good],
    ['v', '1', 'r', good, 'x', 'y'],
  ]) {
    const content = decodeEntry(fieldsOf(...fields));
    assert.is(content.type, 'broken');
    const kept = fields.map((field) => `${Buffer.byteLength(field)}:${field},`).join('');
    assert.is(content.type === 'broken' && content.raw.toString(), kept);
  }
});

test('bytes that are not UTF-8, not JSON or far too many are broken and kept as they were', () => {
  const good = Buffer.from(encodeEntry(request(1, [{ poolId: poolId('a'), quantity: 1 }]))[3]);
  const spoilt = Buffer.from(good);
  spoilt[good.indexOf('alice')] = 0xff;
  const bad: readonly (readonly [Buffer, RegExp])[] = [
    [spoilt, /UTF-8/],
    [good.subarray(0, -1), /JSON/],
    [Buffer.concat([Buffer.from('\ufeff'), good]), /JSON/],
    [Buffer.concat([good, Buffer.alloc(300_000, ' ')]), /bytes/],
  ];
  for (const [raw, why] of bad) {
    const content = decodeEntry([...fieldsOf('v', '1', 'r'), raw]);
    assert.is(content.type, 'broken');
    assert.match(content.type === 'broken' ? content.why : '', why);
    assert.is(content.type === 'broken' && content.raw, raw);
  }
});

test('the order of the fields does not matter', () => {
  const event = opening({ a: 1 });
  const [v, one, r, json] = entryOf(event);
  assert.equal(decodeEntry([r, json, v, one].filter((field) => field !== undefined)), {
    type: 'request',
    request: event,
  });
});
