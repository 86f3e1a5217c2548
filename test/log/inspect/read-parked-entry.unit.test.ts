import fc from 'fast-check';
import { readParkedEntry } from '../../../src/log/inspect/read-parked-entry.ts';
import { encodeEntry } from '../../../src/log/wire/codec.ts';
import { changing } from '../../domain/ask.ts';
import { request as ask, line } from '../../domain/generate.ts';
import { assert, suite } from '../../support/suite.ts';
import { anyRequest } from '../any-request.ts';

const test = suite('what was kept of a parked entry');

const netstrings = (fields: readonly string[]): Buffer =>
  Buffer.from(fields.map((field) => `${Buffer.byteLength(field)}:${field},`).join(''));

const wish = ask(1, [line('stalls', 2)]);

test('a request kept as JSON is that request again, whatever it asks for', () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      assert.equal(readParkedEntry(Buffer.from(JSON.stringify(request))), { type: 'request', request });
    }),
  );
});

test('fields kept as netstrings, and the field r alone, are read by the codec of this version', () => {
  assert.equal(readParkedEntry(netstrings(encodeEntry(wish))), { type: 'request', request: wish });
  assert.equal(readParkedEntry(Buffer.from(encodeEntry(wish)[3])), { type: 'request', request: wish });
  const { revisions: _one, ...ofAny } = changing();
  for (const request of [ofAny, changing({ revisions: [3, 4] }), changing()])
    assert.equal(readParkedEntry(Buffer.from(encodeEntry(request)[3])), { type: 'request', request });
  assert.equal(readParkedEntry(netstrings(['v', '99', 'r', '{}'])), { type: 'newer', version: 99 });
});

test('a change kept before there were several revisions is of the one that it was made for, and of no other', () => {
  const { revisions: _one, ...change } = changing();
  const kept = Buffer.from(JSON.stringify({ ...change, revision: 3 }));
  assert.equal(readParkedEntry(kept), { type: 'request', request: { ...change, revisions: [3] } });
  for (const revision of ['3', null, -1, 1.5])
    assert.is(readParkedEntry(Buffer.from(JSON.stringify({ ...change, revision }))).type, 'broken');
});

test('what is like a request of the domain and is none stays broken', () => {
  for (const kept of [
    { type: 'ReservationRequested' },
    { ...wish, lines: 5 },
    { ...wish, more: 1 },
    [wish],
    null,
  ])
    assert.is(readParkedEntry(Buffer.from(JSON.stringify(kept))).type, 'broken', JSON.stringify(kept));
});

test('any bytes at all are read or named broken', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.is(readParkedEntry(Buffer.from(bytes)).type, 'broken');
    }),
  );
  for (const text of ['', '1:v', '1:v,', '5:v,1:1,', '1:v,1:1,1:r,', '99999999999:x,'])
    assert.is(readParkedEntry(Buffer.from(text)).type, 'broken', text);
});
