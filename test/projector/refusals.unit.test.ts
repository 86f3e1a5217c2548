import type { CommitVerdict, PartitionStore } from '../../src/store/contract.ts';
import { confirming } from '../domain/ask.ts';
import { reservationId } from '../domain/generate.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { assert, suite } from '../support/suite.ts';
import { asks, came, newTimeline, type Timeline } from './timeline.ts';

/**
 * An entry whose data the database refuses is found, and everything before and after it is decided in order.
 */
const test = suite('refused batches');

const refusal: CommitVerdict = { type: 'refused', error: new Error('a CHECK says no') };

type RefusalRule = (batch: Parameters<PartitionStore['commit']>[0]) => boolean;

const timelineRefusing = async (refuses: RefusalRule, options: { batchMax?: number } = {}) => {
  const memory = newMemoryStore();
  const commit: PartitionStore['commit'] = async (batch) =>
    refuses(batch) ? refusal : await memory.store.commit(batch);
  const timeline = await newTimeline({
    capacity: 9,
    ...options,
    store: { ...memory, store: { ...memory.store, commit } },
  });
  return { ...timeline, parked: memory.parked };
};

const lapsesOf =
  (n: number): RefusalRule =>
  ({ entries }) =>
    entries.some(
      ({ decision }) => decision.type === 'HoldExpired' && decision.reservationId === reservationId(n),
    );

const statuses = (timeline: Timeline, ...numbers: readonly number[]) =>
  numbers.map((n) => timeline.reservation(n)?.status);

test('a lapse that the database refuses parks no entry: the hold is left, and the rest goes on in order', async () => {
  const timeline = await timelineRefusing(lapsesOf(1));
  await timeline.read({ at: 0, entries: [came(0, asks(1), 0), came(0, asks(2), 1)] });
  await timeline.read({ at: 14, entries: [came(12, asks(3)), came(13, asks(4))] });
  assert.is(timeline.parked().size, 0);
  assert.equal(statuses(timeline, 1, 2, 3, 4), ['held', 'expired', 'held', 'held']);
  assert.equal([...timeline.owned().stuckHolds], [reservationId(1)]);
});

test('a hold that cannot lapse is passed over until the partition is taken over, and not asked for in a circle', async () => {
  const timeline = await timelineRefusing(lapsesOf(1));
  await timeline.read({ at: 0, entries: [came(0, asks(1))] });
  // Tried once more, because the cache may have been wrong; then the hold is skipped.
  await timeline.read({ at: 14 });
  await timeline.read({ at: 15 });
  assert.is((await timeline.step({ at: 16 })).type, 'idle');
  assert.equal(statuses(timeline, 1), ['held']);
});

test('an entry that the database refuses is parked, and the holds that lapse around it lapse', async () => {
  const timeline = await timelineRefusing(({ entries }) =>
    entries.some(({ requestId }) => requestId === reservationId(3)),
  );
  await timeline.read({ at: 0, entries: [came(0, asks(1), 0), came(0, asks(2), 1)] });
  await timeline.read({
    at: 14,
    entries: [came(9, confirming(2)), came(12, asks(3)), came(13, asks(4))],
  });
  assert.equal([...timeline.parked()], [reservationId(3)]);
  assert.equal(statuses(timeline, 1, 2, 3, 4), ['expired', 'confirmed', undefined, 'held']);
});

test('every try is a step of its own, so that whoever is to stop stops between two', async () => {
  const timeline = await timelineRefusing(() => false, { batchMax: 16 });
  const { store } = timeline.owned();
  const refusing = { ...store, commit: async () => refusal };
  Object.assign(timeline.owned(), { store: refusing });
  const entries = Array.from({ length: 8 }, (_, n) => came(1, asks(n + 1, 1, `customer ${n}`), n));
  assert.is((await timeline.step({ at: 1, entries })).type, 'halved');
  assert.is(timeline.owned().attempt.max, 4);
  assert.is((await timeline.step()).type, 'halved');
  assert.is(timeline.owned().attempt.max, 2);
});

test('what was read ahead of a batch that is refused is decided behind it, and not passed over', async () => {
  const timeline = await timelineRefusing(
    ({ entries }) => entries.some(({ requestId }) => requestId === reservationId(3)),
    { batchMax: 1 },
  );
  const verdict = await timeline.step(
    { at: 1, entries: [came(1, asks(3), 0)] },
    { at: 1, entries: [came(1, asks(4), 1)] },
  );
  assert.is(verdict.type, 'halved');
  // Later reads continue from the group's position, after both.
  await timeline.read({ at: 2, entries: [came(2, asks(5))] });
  while (timeline.owned().ahead) await timeline.step({ at: 3 });
  assert.equal([...timeline.parked()], [reservationId(3)]);
  assert.equal(statuses(timeline, 4, 5), ['held', 'held']);
});
