import {
  appendedOnBoth,
  type ReplicatedLog,
  unknownWithoutReplica,
} from '../contract/log-replicated.contract.ts';
import { requestOf } from '../log/requests.ts';
import { assert, suite } from '../support/suite.ts';
import { newMachine } from './machine.ts';
import { newScheduler } from './scheduler.ts';
import { newSeededRandom } from './seeded-random.ts';
import { newServers, redisWire, type Servers } from './servers.ts';
import { newTrace } from './trace.ts';

const test = suite('a replica in memory');

const settings = {
  partitions: 1,
  projectors: 1,
  apis: 1,
  batchMax: 10,
  leaseTtlMs: 3_000,
  retentionMs: 60_000,
  durationMs: 1_000,
} as const;

interface Run extends ReplicatedLog {
  readonly servers: Servers;
  readonly pause: () => Promise<void>;
}

/** Virtual time passes while `work` waits. */
const running = async (work: (run: Run) => Promise<void>): Promise<void> => {
  const random = newSeededRandom('a replica');
  const scheduler = newScheduler(random.fork('ties'));
  const trace = newTrace({ keepLines: false });
  const servers = newServers({ settings, scheduler, random, trace });
  const api = newMachine('api', scheduler);
  const wire = servers.redis.wireOf(api, redisWire);
  const { appender } = servers.log.connect({ wire, clock: api.clock, durability: 'replicated' });
  const working = work({
    servers,
    pause: () => api.clock.sleep(20),
    append: (count) =>
      Promise.all(Array.from({ length: count }, (_, n) => appender.append(0, requestOf(0, n)))),
    entriesOfPrimary: async () => servers.log.entries(0).length,
    entriesOfReplica: async () => servers.replica.data().log.streams[0]?.entries.length ?? 0,
  });
  let isDone = false;
  const done = working.finally(() => {
    isDone = true;
  });
  // A failure is that of `done`, which is awaited below.
  done.catch(() => undefined);
  await scheduler.run(() => isDone, 60_000);
  await done;
};

test('replicated: an append that no replica acknowledges is unknown, never appended', () =>
  running(async (run) => {
    run.servers.replica.cut(5_000);
    await unknownWithoutReplica(run);
    assert.is(await run.entriesOfReplica(), 0);
  }));

test('replicated: with a replica an append is appended, and the replica has it', () =>
  running((run) => appendedOnBoth(run)));

test('a replica that takes over is replaced by one that has what it had, and what was in flight to it is gone', () =>
  running(async ({ servers, append, entriesOfReplica, pause }) => {
    await append(2);
    servers.replica.cut(100);
    const late = append(1);
    await pause();
    servers.log.restore(servers.replica.data().log);
    servers.replica.replace();
    assert.is((await late)[0]?.type, 'unknown');
    assert.is(await entriesOfReplica(), 2);
  }));
