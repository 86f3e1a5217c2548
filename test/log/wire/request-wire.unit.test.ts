import fc from 'fast-check';
import { fromWire, toWire, wireVersionOf } from '../../../src/log/wire/request-wire.ts';
import { reservationId, showId } from '../../domain/generate.ts';
import { assert, suite } from '../../support/suite.ts';
import { anyRequest, requestId } from '../any-request.ts';

const test = suite('requests on the wire');

const digest = 'f'.repeat(32);

const change = { t: 'change', id: requestId(1), show: showId(1), rev: 3 };
const confirm = { t: 'confirm', id: requestId(1), of: reservationId(1), by: 'alice', as: 'customer' };
const extend = { ...confirm, t: 'extend' };
const cancel = { ...confirm, t: 'cancel' };

const isRequest = (wire: object, members: object = {}, version: 1 | 2 = 1): boolean =>
  fromWire(JSON.parse(JSON.stringify({ ...wire, ...members })), version).type === 'request';

test('the wire form is compact, and says nothing that goes without saying', () => {
  const asked = { requestId: requestId(1), reservationId: reservationId(1), actor: 'service' } as const;
  assert.equal(toWire({ type: 'CancellationRequested', ...asked }), {
    t: 'cancel',
    id: requestId(1),
    of: reservationId(1),
    as: 'service',
  });
  const subject = { requestId: requestId(1), showId: showId(1), revisions: [3] };
  assert.equal(toWire({ type: 'ShowChangeRequested', ...subject, force: false }), change);
  assert.equal(
    toWire({
      type: 'ShowChangeRequested',
      ...subject,
      force: true,
      key: { hash: digest, fingerprint: digest },
    }),
    { ...change, force: true, key: [digest, digest] },
  );
});

test('whatever is in the members of a request, reading it never throws and accepts only what it could write', () => {
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(requestId(1), showId(1), 'alice', 'admin', digest),
    fc.constantFrom([digest, digest], [['a', 1]], [['a', null, 1]], { closed: true }, true, 7),
  );
  const names = fc.constantFrom(
    ...[
      't',
      'id',
      'show',
      'of',
      'by',
      'as',
      'lines',
      'ref',
      'rev',
      'revs',
      'name',
      'pools',
      'rules',
      'force',
      'key',
    ],
  );
  fc.assert(
    fc.property(
      anyRequest,
      fc.dictionary(fc.oneof(names, fc.string()), values, { maxKeys: 3 }),
      (event, spoilt) => {
        const wire: unknown = JSON.parse(JSON.stringify({ ...toWire(event), ...spoilt }));
        const reading = fromWire(wire, wireVersionOf(event));
        if (reading.type === 'request') {
          const { request } = reading;
          assert.equal(fromWire(toWire(request), wireVersionOf(request)), reading);
        } else assert.ok(reading.why.length > 0);
      },
    ),
    { numRuns: 3_000 },
  );
});

test('a key is two hashes of 32 digits, on every request', () => {
  for (const wire of [change, confirm, extend, cancel]) {
    assert.ok(isRequest(wire, { key: [digest, digest] }), wire.t);
    for (const key of [
      digest,
      [digest],
      ['f'.repeat(31), digest],
      [digest, 'f'.repeat(31)],
      [digest, 'F'.repeat(32)],
      [digest, digest, 1],
    ])
      assert.not(isRequest(wire, { key }), `${wire.t} ${key}`);
  }
});

test('a follow-up says who asks, and a customer says who they are', () => {
  for (const wire of [confirm, extend, cancel]) {
    for (const as of ['customer', 'service', 'admin']) assert.ok(isRequest(wire, { as }), as);
    for (const as of ['service', 'admin']) assert.ok(isRequest(wire, { as, by: undefined }), as);
    assert.not(isRequest(wire, { by: undefined }));
    for (const as of ['', 'root', 'toString', undefined, null]) assert.not(isRequest(wire, { as }), `${as}`);
    for (const by of ['', 'x'.repeat(129), '\ud800', null]) assert.not(isRequest(wire, { by }), `${by}`);
    for (const of of ['x', undefined]) assert.not(isRequest(wire, { of }));
    assert.not(isRequest(wire, { show: showId(1) }), 'it names no show');
  }
});

test('only a confirmation has a reference, only a cancellation has lines', () => {
  assert.ok(isRequest(confirm, { ref: '' }));
  assert.ok(isRequest(cancel, { lines: [['a', 1]] }));
  assert.not(isRequest(confirm, { ref: 'x'.repeat(129) }));
  for (const lines of [[], [['a', 0]], [['a', 1_001]], [['a']], Array(21).fill(['a', 1])])
    assert.not(isRequest(cancel, { lines }));
  assert.not(isRequest(extend, { ref: 'a' }));
  assert.not(isRequest(extend, { lines: [['a', 1]] }));
  assert.not(isRequest(cancel, { ref: 'a' }));
  assert.not(isRequest(confirm, { lines: [['a', 1]] }));
});

test('a change names each pool once, and null is for what stays', () => {
  assert.ok(isRequest(change, { pools: [['a', null, null]] }));
  assert.ok(isRequest(change, { pools: [] }));
  const bad: readonly unknown[] = [
    [
      ['a', null, 1],
      ['a', 'A', null],
    ],
    [['a', '', null]],
    [['a', null, -1]],
    [['a', null]],
    [[null, null, null]],
    Array.from({ length: 101 }, (_, n) => [`p${n}`, null, 1]),
  ];
  for (const pools of bad) assert.not(isRequest(change, { pools }), JSON.stringify(pools));
});

test('a change says which revision it was made for, and insists or does not', () => {
  for (const rev of [-1, 1.5, '3', null, undefined]) assert.not(isRequest(change, { rev }), `${rev}`);
  assert.ok(isRequest(change, { force: true }));
  for (const force of [false, null, 1]) assert.not(isRequest(change, { force }), `${force}`);
});

test('a change of several revisions, or of any, says so in version 2 alone', () => {
  const { rev: _one, ...any } = change;
  assert.not(isRequest(any, {}, 1));
  assert.not(isRequest(any, { revs: [3, 4] }, 1));
  assert.ok(isRequest(any, {}, 2));
  assert.ok(isRequest(any, { revs: [3, 4] }, 2));
  assert.not(isRequest(change, {}, 2));
  for (const revs of [[], [-1], [1.5], ['3'], 3, null, Array.from({ length: 101 }, (_, n) => n)])
    assert.not(isRequest(any, { revs }, 2), JSON.stringify(revs));
  const asked = { requestId: requestId(1), showId: showId(1), force: false } as const;
  assert.equal(toWire({ type: 'ShowChangeRequested', ...asked }), any);
  assert.equal(toWire({ type: 'ShowChangeRequested', ...asked, revisions: [3, 4] }), {
    ...any,
    revs: [3, 4],
  });
});

test('a rule is within its limits; only a change may clear it', () => {
  const open = { t: 'open', id: showId(1), name: 'A', pools: [['a', 'A', 1]], rules: {} };
  const good = { maxPerCustomer: 1, holdSeconds: 86_400, confirmBy: 'service', closed: true };
  assert.ok(isRequest(open, { rules: good }));
  assert.ok(isRequest(change, { rules: good }));
  const bad: readonly (readonly [string, unknown])[] = [
    ['maxPerCustomer', 0],
    ['holdSeconds', 0],
    ['holdSeconds', 86_401],
    ['confirmBy', 'admin'],
    ['closed', 'true'],
    ['opensAtMs', 1e300],
    ['other', 1],
  ];
  for (const [rule, value] of bad) {
    assert.not(isRequest(open, { rules: { [rule]: value } }), rule);
    assert.not(isRequest(change, { rules: { [rule]: value } }), rule);
  }
  const rules = [
    'maxPerRequest',
    'maxPerCustomer',
    'holdSeconds',
    'confirmBy',
    'opensAtMs',
    'closesAtMs',
    'closed',
  ];
  for (const rule of rules) {
    assert.ok(isRequest(change, { rules: { [rule]: null } }), rule);
    assert.not(isRequest(open, { rules: { [rule]: null } }), rule);
  }
});
