import fc from 'fast-check';
import { type RequestEvent, requestIdOf } from '../../../src/domain/requests.ts';
import type { EntryContent, ReadEntry } from '../../../src/log/contract.ts';
import type { BatchInput, DecidedBatch } from '../../../src/projector/decide/batch.ts';
import { line, opening, request, requestId, reservationId, sale, showId } from '../../domain/generate.ts';
import { assert, suite } from '../../support/suite.ts';
import { at, decided, entry } from '../batch-of.ts';

const test = suite('decide batch');

const one = (n: number): RequestEvent => request(n, [line('stalls', 1)]);
const types = ({ journal }: DecidedBatch): string[] => journal.map(({ decision }) => decision.type);

test('an entry that comes twice in a batch is decided once and takes its places once', () => {
  const batch = decided([entry(1, one(1)), entry(2, one(1)), entry(3, one(2)), entry(4, one(3))]);
  assert.equal(types(batch), ['ReservationConfirmed', 'ReservationConfirmed', 'ReservationConfirmed']);
});

test('a request that is known changes nothing, and the watermark passes it', () => {
  const batch = decided([entry(1, one(1))], { known: new Set([reservationId(1)]) });
  assert.equal(batch.journal, []);
  assert.is(batch.after.watermark, at(1));
});

test('the position moves with every batch, even one without a decision', () => {
  assert.is(decided([entry(1, one(1))], { known: new Set([reservationId(1)]) }).after.position, 11);
  assert.is(decided([entry(1, one(1)), entry(2, one(2))]).after.position, 12);
});

test('an entry at or below the watermark without a decision is decided and marked late', () => {
  const before = { position: 10, watermark: at(5), clockMs: 500, judgedMs: 1_005 };
  const batch = decided([entry(3, one(1)), entry(5, one(2)), entry(6, one(3))], { before });
  assert.equal(
    batch.journal.map(({ late }) => late),
    [true, true, false],
  );
});

test('late entries do not move the watermark back', () => {
  const before = { position: 10, watermark: at(5), clockMs: 500, judgedMs: 1_005 };
  assert.is(decided([entry(3, one(1))], { before }).after.watermark, at(5));
});

test('the time of decisions never goes back and no two batches share one', () => {
  const before = { position: 10, watermark: at(0), clockMs: 9_000, judgedMs: 1_000 };
  const batch = decided([entry(1, one(1))], { before, nowMs: 2_000 });
  assert.is(batch.after.clockMs, 9_001);
  assert.is(batch.journal[0]?.decidedAtMs, 9_001);
});

test('an entry that depends on a row that cannot be read is parked with the reason, and the rest is decided', () => {
  const undecidable = new Map([[reservationId(1), 'the show cannot be read']]);
  const batch = decided([entry(1, one(1)), entry(2, one(2))], { undecidable });
  assert.equal(types(batch), ['ReservationConfirmed']);
  assert.equal(
    batch.parked.map(({ why }) => why),
    ['cannot be decided: the show cannot be read'],
  );
});

test('a broken entry is parked with its bytes, and the rest is decided in order', () => {
  const broken: EntryContent = { type: 'broken', why: 'not JSON', raw: Buffer.from('{') };
  const batch = decided([entry(1, one(1)), entry(2, broken), entry(3, one(2))]);
  assert.equal(types(batch), ['ReservationConfirmed', 'ReservationConfirmed']);
  assert.equal(
    batch.parked.map(({ streamId, why, raw }) => [streamId, why, raw.toString()]),
    [[at(2), 'not JSON', '{']],
  );
  assert.is(batch.after.watermark, at(3));
});

test('a parked entry keeps the id of its request, as far as it can be read', () => {
  const broken = { type: 'broken', why: 'not JSON', raw: Buffer.from('{') } as const;
  const undecidable = new Map([[reservationId(7), 'no show']]);
  const batch = decided(
    [entry(1, broken), entry(2, { ...broken, requestId: requestId(5) }), entry(3, one(7))],
    {
      undecidable,
    },
  );
  assert.equal(
    batch.parked.map((parked) => parked.requestId),
    [undefined, requestId(5), reservationId(7)],
  );
});

test('a request for a show of another partition is parked, with a pending reservation to be found', () => {
  const stray = request(1, [line('stalls', 1)], showId(1, 7));
  const batch = decided([entry(1, stray)]);
  assert.equal(batch.journal, []);
  assert.match(batch.parked[0]?.why ?? '', 'belongs to partition 7');
  assert.is(batch.parked[0]?.reservation?.status, 'pending');
});

test('a request that deciding throws on is parked', () => {
  const batch = decided([entry(1, opening({ stalls: 9 }))]);
  assert.match(batch.parked[0]?.why ?? '', 'cannot be decided');
});

test('an entry the database refuses by itself is parked with the reason', () => {
  const batch = decided([entry(1, one(1))], { refusedBecause: 'refused: bad data' });
  assert.equal(
    batch.parked.map(({ why, attempts }) => [why, attempts]),
    [['refused: bad data', 2]],
  );
});

test('a show opened in a batch sells to the entries behind it', () => {
  const batch = decided([entry(1, opening({ stalls: 1 })), entry(2, one(1)), entry(3, one(2))], {
    ledgers: new Map(),
  });
  assert.equal(types(batch), ['ShowOpened', 'ReservationConfirmed', 'ReservationRejected']);
});

test('however entries are cut into batches, the decisions are the same', () => {
  fc.assert(
    fc.property(sale, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (it, sizes) => {
      const all = [it.opening, ...it.requests].map((each, n) => entry(n + 1, each));
      const whole = decided(all, { ledgers: new Map() });
      assert.equal(
        inPieces(all, sizes),
        whole.journal.map(({ decision, position }) => ({ decision, position })),
      );
    }),
  );
});

const inPieces = (all: readonly ReadEntry[], sizes: readonly number[]): unknown[] => {
  let input: Partial<BatchInput> = { ledgers: new Map() };
  const made: unknown[] = [];
  for (let from = 0, turn = 0; from < all.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    const batch = decided(all.slice(from, from + size), input);
    made.push(...batch.journal.map(({ decision, position }) => ({ decision, position })));
    input = { ledgers: batch.ledgers, before: batch.after };
    from += size;
  }
  return made;
};

test('every request of a batch is decided, known or parked', () => {
  const batch = decided([entry(1, one(1)), entry(2, one(2)), entry(3, request(3, [line('box', 1)]))]);
  assert.equal(
    batch.journal.map(({ requestId }) => requestId),
    [one(1), one(2), request(3, [])].map(requestIdOf),
  );
});
