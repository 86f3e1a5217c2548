import type { Clock } from '../../src/domain/ports.ts';
import { beforeAll } from '../../src/domain/stream-id.ts';
import { fullRenewedEveryMs } from '../../src/projector/boards.ts';
import { partitionWorker } from '../../src/projector/work-partition.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { assert, suite } from '../support/suite.ts';
import { asks, came, dependenciesOver, ms, newTimeline, untilAborted } from './timeline.ts';
import { workTurns } from './work-turns.ts';

const test = suite('working a partition');

const batchMax = 4;
const tookMs = 200;

/**
 * Forty holds that have all run out, and an owner whose commits take time; `committed` is called for each
 * commit.
 */
const burst = async (committed: () => void) => {
  const memory = newMemoryStore();
  const timeline = await newTimeline({ capacity: 40, store: memory });
  const entries = Array.from({ length: 40 }, (_, n) => came(0, asks(n + 1, 1, `customer ${n}`), n));
  await timeline.read({ at: 0, entries });
  let nowMs = 0;
  const commit: PartitionStore['commit'] = async (batch) => {
    nowMs += tookMs;
    committed();
    return await memory.store.commit(batch);
  };
  const lastDelivered = entries.at(-1)?.streamId ?? timeline.owned().progress.watermark;
  const read = async () => ({ type: 'read', entries: [], nowMs: ms(20), lastDelivered }) as const;
  const store = { ...memory.store, commit };
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async (ms, signal) => (ms === fullRenewedEveryMs ? await untilAborted(signal) : undefined),
  };
  const dependencies = {
    ...dependenciesOver({ ...memory, store }, { read, publish: async () => {} }, batchMax),
    clock,
  };
  const held = () => timeline.journal().filter(({ decision }) => decision.type === 'HoldExpired').length;
  return { work: partitionWorker(dependencies), held, nowMs: () => nowMs };
};

test('a burst of lapses shows its progress after each transaction', async () => {
  const seen: number[] = [];
  const it = await burst(() => {
    seen.push(it.nowMs() - running.lastProgressMs());
    if (seen.length === 10) running.stop();
  });
  const running = it.work({ partition: 0, token: 'timeline' }, () => true);
  await running.ended;
  assert.is(it.held(), 40);
  // Each commit is observed in its middle: the last sign of progress was the commit before.
  assert.equal(
    seen,
    seen.map(() => tookMs),
  );
});

test('whoever is told to stop in a burst of lapses stops after the transaction in hand', async () => {
  let commits = 0;
  const it = await burst(() => {
    commits += 1;
    if (commits === 2) running.stop();
  });
  const running = it.work({ partition: 0, token: 'timeline' }, () => true);
  assert.is(await running.ended, 'left');
  assert.is(it.held(), 2 * batchMax);
});

test('the pauses grow while step after step fails, and what failed is told as it was thrown', async () => {
  const failure = new Error('the connection is closed');
  const read = () => Promise.reject(failure);
  const { errors, pausesMs } = await workTurns({ log: { read } });
  assert.equal(pausesMs, [15, 30, 60, 120]);
  assert.ok(errors.length === 4 && errors.every((error) => error === failure));
});

test('after a step that succeeded the pauses begin anew', async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    if (reads !== 3) throw new Error('the connection is closed');
    return { type: 'read', entries: [], nowMs: 0, lastDelivered: beforeAll } as const;
  };
  const { pausesMs } = await workTurns({ log: { read } });
  assert.equal(pausesMs, [15, 30, 15]);
});

test('why the work on a partition ended is told, and nothing else', async () => {
  const lost = await workTurns({ log: { read: async () => ({ type: 'lease-lost' }) } });
  assert.equal(lost.said, ['lease lost to another projector']);
  const fenced = await workTurns({ store: { stands: async () => undefined } });
  assert.equal(fenced.said, [
    'fenced: another projector claimed the partition, or the database went back or is another server',
  ]);
});
