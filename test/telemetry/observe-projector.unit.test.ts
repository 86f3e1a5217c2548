import { newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import type { WorkEnd } from '../../src/lease/contract.ts';
import type { ReadEntry, ReadVerdict } from '../../src/log/contract.ts';
import type { Batch, CommitVerdict } from '../../src/store/contract.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';
import { newRegistry } from '../../src/telemetry/metrics/registry.ts';
import { observeProjector } from '../../src/telemetry/observe-projector.ts';
import { assert, suite } from '../support/suite.ts';
import {
  batchOf,
  claim,
  decidedEntry,
  fakeLog,
  fakeStore,
  parkedAt,
  readEntry,
  recordingTracer,
  warnings,
} from './observed-world.ts';

const test = suite('a projector that is watched from outside');

const partition = 3;
const nowMs = 1_700_000_000_500;
const nothingTold = { partition, leaseToken: 't', outcomes: [], boards: [] };
const at = (n: number): StreamId => newStreamId(nowMs - 100, n);

/** Runs one round of the loop through the observed log, store and worker. */
const world = ({
  entries,
  verdict = { type: 'committed' },
}: {
  entries: readonly ReadEntry[];
  verdict?: CommitVerdict;
}) => {
  const registry = newRegistry();
  const tracer = recordingTracer();
  const { logger, logged } = warnings();
  const observer = observeProjector({ registry, tracer, logger });
  const read: ReadVerdict = { type: 'read', entries, nowMs, lastDelivered: at(99) };
  const log = observer.log(fakeLog({ read }));
  const store = observer.store(fakeStore({ verdict }));
  let end: (how: WorkEnd) => void = () => undefined;
  const ended = new Promise<WorkEnd>((resolve) => {
    end = resolve;
  });
  const worker = observer.worker(() => ({ ended, stop: () => undefined, lastProgressMs: () => 0 }));
  const work = worker({ partition, token: 't' }, () => true);
  const turn = async (batch: Batch): Promise<void> => {
    await log.read({ partition, leaseToken: 't', count: 10, watermark: at(0), reset: false });
    const { type } = await store.commit(batch);
    if (type === 'committed') await log.publish({ ...nothingTold, position: batch.after.position });
  };
  return { registry, tracer, observer, turn, logged, end: (how: WorkEnd) => end(how), work };
};

const traceId = 'a'.repeat(32);
const sampled = { traceId, spanId: 'b'.repeat(16) };

test('decisions are counted by kind and reason, and each entry in every stage', async () => {
  const { registry, turn } = world({ entries: [readEntry(at(1)), readEntry(at(2))] });
  await turn(batchOf(partition, [decidedEntry(at(1)), decidedEntry(at(2), { reason: 'sold-out' })]));
  assert.is(registry.counter(metricList.decisions, 'ReservationConfirmed', '').value, 1);
  assert.is(registry.counter(metricList.decisions, 'ReservationRejected', 'sold-out').value, 1);
  for (const stage of ['pick-up', 'commit', 'visible', 'total']) {
    const { counts } = registry.histogram(metricList.stage, stage);
    assert.is(
      counts.reduce((sum, count) => sum + count),
      2,
      stage,
    );
  }
  assert.is(registry.histogram(metricList.stage, 'pick-up').sum, 0.2);
  assert.is(registry.histogram(metricList.batchSize).sum, 2);
});

test('a batch nobody sampled makes no span', async () => {
  const { tracer, turn } = world({ entries: [readEntry(at(1))] });
  await turn(batchOf(partition, [decidedEntry(at(1))]));
  assert.equal(tracer.recorded, []);
});

test('a sampled request is told in its own trace, and the batch in one that is linked to it', async () => {
  const { tracer, turn } = world({ entries: [readEntry(at(1), sampled), readEntry(at(2))] });
  await turn(batchOf(partition, [decidedEntry(at(1), { traceId, reason: 'sold-out' }), decidedEntry(at(2))]));
  const own = tracer.recorded.filter(({ parent }) => parent?.traceId === traceId);
  assert.equal(
    own.map(({ name }) => name),
    [
      'decide',
      'UPDATE partitions; INSERT journal; INSERT reservations; UPDATE pools; COMMIT',
      'publish outcomes',
    ],
  );
  assert.is(own[0]?.attributes['onsale.reason'], 'sold-out');
  const batch = tracer.recorded.find(({ links }) => links !== undefined);
  assert.equal(batch?.links, [sampled]);
  assert.is(batch?.kind, 'consumer');
  assert.is(batch?.attributes['messaging.batch.message_count'], 2);
});

test('a slow request that nobody sampled gets a trace from the moment it came', async () => {
  const early = newStreamId(nowMs - 5_000, 1);
  const { tracer, turn } = world({ entries: [readEntry(early)] });
  await turn(batchOf(partition, [decidedEntry(early)]));
  const [root] = tracer.recorded;
  assert.is(root?.name, 'process requests');
  assert.is(root?.startMs, nowMs - 5_000);
  assert.is(root?.attributes['onsale.kept'], 'slow');
});

test('what is parked is counted, logged with its trace, and its trace is kept as an error', async () => {
  const { registry, tracer, turn, logged } = world({ entries: [readEntry(at(1), sampled)] });
  await turn(batchOf(partition, [], [parkedAt(at(1), 'cannot be decided: a bug')]));
  assert.is(registry.counter(metricList.parkings, 'undecidable').value, 1);
  const span = tracer.recorded.find(({ name }) => name === 'park');
  assert.is(span?.parent?.traceId, traceId);
  assert.is(span?.error, 'cannot be decided: a bug');
  assert.match(JSON.stringify(logged), traceId);
});

test('a fenced commit is counted as one and tells nothing', async () => {
  const { registry, tracer, turn } = world({
    entries: [readEntry(at(1), sampled)],
    verdict: { type: 'fenced' },
  });
  await turn(batchOf(partition, [decidedEntry(at(1), { traceId })]));
  assert.is(registry.counter(metricList.commits, 'fenced').value, 1);
  assert.is(registry.counter(metricList.decisions, 'ReservationConfirmed', '').value, 0);
  assert.equal(tracer.recorded, []);
});

test('a loop that reads ahead finds for each commit the read it came from', async () => {
  const { observer, tracer } = world({ entries: [] });
  const later = newStreamId(nowMs, 5);
  const read = (entry: ReadEntry): ReadVerdict => ({
    type: 'read',
    entries: [entry],
    nowMs,
    lastDelivered: entry.streamId,
  });
  const request = { partition, leaseToken: 't', count: 10, watermark: at(0), reset: false };
  await observer.log(fakeLog({ read: read(readEntry(at(1), sampled)) })).read(request);
  await observer.log(fakeLog({ read: read(readEntry(later)) })).read(request);
  const store = observer.store(fakeStore({ verdict: { type: 'committed' } }));
  await store.commit(batchOf(partition, [decidedEntry(at(1), { traceId })]));
  await store.commit(batchOf(partition, [decidedEntry(later)]));
  const log = observer.log(fakeLog({}));
  await log.publish({ ...nothingTold, position: 1 });
  assert.is(tracer.recorded.filter(({ name }) => name === 'decide').length, 1);
  await log.publish({ ...nothingTold, position: 1 });
  assert.is(tracer.recorded.filter(({ name }) => name === 'decide').length, 1);
});

test('boards that are written anew are not taken for the batch that is still to be told', async () => {
  const { observer, registry } = world({ entries: [readEntry(at(1))] });
  const read: ReadVerdict = { type: 'read', entries: [readEntry(at(1))], nowMs, lastDelivered: at(1) };
  const log = observer.log(fakeLog({ read }));
  await log.read({ partition, leaseToken: 't', count: 10, watermark: at(0), reset: false });
  const store = observer.store(fakeStore({ verdict: { type: 'committed' } }));
  await store.commit(batchOf(partition, [decidedEntry(at(1))]));
  const told = () => registry.histogram(metricList.stage, 'visible').counts.reduce((sum, n) => sum + n, 0);
  await log.publish(nothingTold);
  assert.is(told(), 0);
  await log.publish({ ...nothingTold, position: 1 });
  assert.is(told(), 1);
});

test('who owns what is told while it is worked, and how it ended', async () => {
  const { registry, end, work } = world({ entries: [] });
  const owned = () =>
    registry.collect().find(({ metric }) => metric === metricList.leaseOwner)?.points.length;
  assert.is(owned(), 1);
  end('fenced');
  await work.ended;
  assert.is(owned(), 0);
  assert.is(registry.counter(metricList.tenancyEnds, 'fenced').value, 1);
});

test('a claim is a take-over', async () => {
  const { registry, observer } = world({ entries: [] });
  await observer.store(fakeStore({})).claim(claim.partition, 'me', async () => 'same');
  assert.is(registry.counter(metricList.takeOvers).value, 1);
});
