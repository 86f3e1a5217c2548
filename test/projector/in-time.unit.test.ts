import { changing, confirming, extending } from '../domain/ask.ts';
import { poolId, reservationId, showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { asks, came, ms, newTimeline, type Timeline, type TimelineOptions } from './timeline.ts';

/**
 * A request that arrived before a hold expired or a window closed is in time, however late it is decided.
 * Reservation 1 is held at second 0 of the stream, so it expires at 10.
 */
const test = suite('in time is in time');

const alice = 1;
const bob = 2;
const carol = 3;

const withAliceHeld = async (options: TimelineOptions = {}): Promise<Timeline> => {
  const timeline = await newTimeline(options);
  await timeline.read({ at: 0, entries: [came(0, asks(alice))] });
  assert.is(timeline.reservation(alice)?.expiresAtMs, ms(10));
  return timeline;
};

/** The decisions after alice's hold. */
const afterwards = (timeline: Timeline): readonly string[] => timeline.words().slice(1);

const judgedAt = (timeline: Timeline): readonly (number | undefined)[] =>
  timeline
    .journal()
    .slice(2)
    .map(({ judgedAtMs }) => judgedAtMs && judgedAtMs - ms(0));

test('a confirm that came in time finds the hold alive however late it is decided, and nobody got its place', async () => {
  const timeline = await withAliceHeld();
  await timeline.read({ at: 14, entries: [came(7.5, asks(bob)), came(9, confirming(alice))] });
  assert.equal(afterwards(timeline), ['sold-out', 'ReservationConfirmed']);
  assert.equal(judgedAt(timeline), [7_500, 9_000]);
});

test('a confirm at the very moment of the expiry finds the hold lapsed, and takes its places again', async () => {
  const timeline = await withAliceHeld();
  await timeline.read({ at: 14, entries: [came(10, confirming(alice))] });
  assert.equal(afterwards(timeline), ['HoldExpired', 'ReservationConfirmed']);
  assert.equal(judgedAt(timeline), [10_000, 10_000]);
});

test('who asks at the very moment of the expiry gets the places, and a confirm behind it comes too late', async () => {
  const timeline = await withAliceHeld();
  await timeline.read({ at: 14, entries: [came(10, asks(carol), 0), came(10, confirming(alice), 1)] });
  assert.equal(afterwards(timeline), ['HoldExpired', 'ReservationHeld', 'hold-expired']);
});

test('who asks a millisecond before the expiry does not get the places', async () => {
  const timeline = await withAliceHeld();
  await timeline.read({ at: 14, entries: [came(9.999, asks(carol)), came(10, confirming(alice))] });
  assert.equal(afterwards(timeline), ['sold-out', 'HoldExpired', 'ReservationConfirmed']);
});

test('behind a read that emptied the stream, holds lapse by its TIME and not before', async () => {
  const timeline = await withAliceHeld();
  await timeline.read({ at: 9.999 });
  assert.equal(afterwards(timeline), []);
  await timeline.read({ at: 10 });
  assert.equal(afterwards(timeline), ['HoldExpired']);
  assert.equal(judgedAt(timeline), [10_000]);
});

test('a lapse by the clock is judged at the expiry, however late the clock is looked at', async () => {
  const timeline = await withAliceHeld();
  await timeline.read({ at: 40 });
  assert.equal(judgedAt(timeline), [10_000]);
  assert.is(timeline.journal().at(-1)?.decidedAtMs, ms(40));
});

test('a read of as many entries as were asked for did not empty the stream: nothing lapses by its TIME', async () => {
  const timeline = await withAliceHeld({ capacity: 200 });
  const { readMax } = timeline.owned();
  const entries = Array.from({ length: readMax }, (_, n) => came(9.5, asks(n + 2, 1, `customer ${n}`), n));
  await timeline.step({ at: 40, entries });
  assert.equal(
    afterwards(timeline),
    entries.map(() => 'ReservationHeld'),
  );
});

test('entries that were still waiting are judged before and behind the lapse that falls between them', async () => {
  const timeline = await withAliceHeld({ capacity: 3, batchMax: 2 });
  await timeline.read({ at: 40, entries: [came(9.5, asks(bob)), came(9.6, asks(4))] });
  await timeline.read({ at: 40, entries: [came(12, asks(carol))] });
  assert.equal(afterwards(timeline), [
    'ReservationHeld',
    'ReservationHeld',
    'HoldExpired',
    'ReservationHeld',
  ]);
});

test('an extension that came in time counts from its decision, and nobody gets the places', async () => {
  const timeline = await withAliceHeld();
  await timeline.read({ at: 14, entries: [came(9, extending(alice)), came(11, asks(bob))] });
  assert.equal(afterwards(timeline), ['HoldExtended', 'sold-out']);
  assert.is(timeline.reservation(alice)?.expiresAtMs, ms(24));
});

test('a capacity that is to shrink does not swallow what was confirmed in time', async () => {
  const shrink = changing({ pools: [{ id: poolId('stalls'), capacity: 0 }], force: true });
  for (const [asked, capacity] of [
    [[came(9, confirming(alice))], 1],
    [[], 0],
  ] as const) {
    const timeline = await withAliceHeld();
    await timeline.read({ at: 1, entries: [came(1, shrink)] });
    await timeline.read({ at: 14, entries: asked });
    await timeline.read({ at: 14 });
    assert.is(timeline.tables().ledgers.get(showId(1))?.pools[0]?.capacity, capacity);
  }
});

test('what was decided ahead is kept when the batch in front of it ended the hold that was due', async () => {
  const timeline = await withAliceHeld({ capacity: 3, batchMax: 1 });
  await timeline.step(
    { at: 14, entries: [came(9, confirming(alice))] },
    { at: 14, entries: [came(12, asks(bob))] },
  );
  const ahead = timeline.owned().ahead?.decided?.batch;
  assert.equal(
    ahead?.journal.map(({ decision }) => decision.type),
    ['ReservationHeld'],
  );
  await timeline.read({ at: 14 });
  assert.equal(afterwards(timeline).slice(0, 2), ['ReservationConfirmed', 'ReservationHeld']);
  assert.is(timeline.journal().at(-1)?.decision, ahead?.journal[0]?.decision);
});

test('what is decided ahead sees the holds that the batch in front of it makes', async () => {
  const timeline = await newTimeline({ capacity: 1, rules: { holdSeconds: 1 }, batchMax: 1 });
  await timeline.step({ at: 0, entries: [came(0, asks(alice))] }, { at: 4, entries: [came(3, asks(bob))] });
  await timeline.read({ at: 4 });
  assert.equal(timeline.words(), ['ReservationHeld', 'HoldExpired', 'ReservationHeld']);
});

test('holds that are due together lapse in the order of their ids, and who asks then gets them all', async () => {
  const timeline = await newTimeline({ capacity: 2 });
  await timeline.read({ at: 0, entries: [came(0, asks(2), 0), came(0, asks(1), 1)] });
  await timeline.read({ at: 14, entries: [came(10, asks(carol, 2))] });
  assert.equal(timeline.words().slice(2), ['HoldExpired', 'HoldExpired', 'ReservationHeld']);
  const [first, second] = timeline
    .journal()
    .slice(3)
    .map(({ decision }) => decision);
  assert.equal(
    [first, second].map((it) => it && 'reservationId' in it && it.reservationId),
    [reservationId(1), reservationId(2)],
  );
});

test('what was judged is not judged again as of earlier, by another owner and a clock that went back', async () => {
  const timeline = await withAliceHeld();
  await timeline.read({ at: 10 });
  await timeline.handOver();
  await timeline.read({ at: 8, entries: [came(8, confirming(alice))] });
  assert.equal(afterwards(timeline), ['HoldExpired', 'ReservationConfirmed']);
  const raised = timeline.journal().at(-1);
  assert.equal([raised?.judgedAtMs, raised?.late], [ms(10), false]);
});

test('no hold is due when it is made, though the stream runs ahead of the clock', async () => {
  const timeline = await newTimeline();
  await timeline.read({ at: 0, entries: [came(3_600, asks(alice))] });
  assert.is(timeline.reservation(alice)?.expiresAtMs, ms(3_610));
  await timeline.read({ at: 1, entries: [came(3_600, asks(bob), 1)] });
  assert.equal(timeline.words(), ['ReservationHeld', 'sold-out']);
});

test('who asked before a sale closed is in time, however long the queue was; who comes late is judged on arrival', async () => {
  const timeline = await newTimeline({ capacity: 9, rules: { closesAtMs: ms(10) } });
  await timeline.read({ at: 40, entries: [came(9.9, asks(1)), came(11, asks(2))] });
  await timeline.read({ at: 41, entries: [came(9.5, asks(3))] });
  assert.equal(timeline.words(), ['ReservationConfirmed', 'sale-closed', 'sale-closed']);
  assert.ok(timeline.journal().at(-1)?.late);
});

test('holds that are due before an entry lapse in as many batches as it takes, and the entry comes behind them', async () => {
  const timeline = await newTimeline({ capacity: 100, batchMax: 20 });
  for (let n = 0; n < 100; n += 20)
    await timeline.read({
      at: 0,
      entries: Array.from({ length: 20 }, (_, i) => came(0, asks(n + i + 10, 1, `customer ${n + i}`), n + i)),
    });
  const before = timeline.words().length;
  const entry = came(20, asks(1, 100));
  assert.equal(await timeline.step({ at: 20, entries: [entry] }), { type: 'committed', decisions: 20 });
  assert.equal(await timeline.step(), { type: 'committed', decisions: 20 });
  // An owner that stops here leaves the entry to its successor, which reads it again.
  assert.equal(
    timeline.words().slice(before),
    Array.from({ length: 40 }, () => 'HoldExpired'),
  );
  await timeline.handOver();
  await timeline.read({ at: 21, entries: [entry] });
  assert.equal(timeline.words().slice(before + 40), [
    ...Array.from({ length: 60 }, () => 'HoldExpired'),
    'ReservationHeld',
  ]);
});

test('while a hold is due that has not lapsed, the board does not call full what may be free by then', async () => {
  const timeline = await withAliceHeld({ batchMax: 1 });
  await timeline.read({ at: 5, entries: [came(5, asks(bob))] });
  assert.equal(timeline.full(), [{ id: poolId('stalls'), mayReturn: true }]);
  // A backlog: older entries come first, so no hold lapses by the TIME of this read.
  await timeline.read({ at: 12, entries: [came(6, asks(carol))] });
  assert.equal(timeline.full(), []);
});

test('what is full of confirmed places is called so whatever is due', async () => {
  const timeline = await withAliceHeld({ batchMax: 1, capacity: 2 });
  const keep = changing({ pools: [{ id: poolId('box'), name: 'Box', capacity: 0 }] });
  await timeline.read({ at: 1, entries: [came(1, keep)] });
  await timeline.read({ at: 12, entries: [came(6, asks(carol))] });
  assert.equal(timeline.full(), [{ id: poolId('box'), mayReturn: false }]);
});
