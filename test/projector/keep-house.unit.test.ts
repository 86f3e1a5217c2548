import { beforeAll } from '../../src/domain/stream-id.ts';
import type { PartitionLog, ReadRequest } from '../../src/log/contract.ts';
import { partitionWorker } from '../../src/projector/work-partition.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('keeping house');

interface Faults {
  readonly log?: Partial<PartitionLog>;
  readonly store?: Partial<PartitionStore>;
  readonly partition?: number;
}

const turns = 4;

/** Works an empty partition for a few turns, two seconds each: every chore is due in every one of them. */
const work = async ({ log, store, partition = 0 }: Faults) => {
  const said: string[] = [];
  const reads: ReadRequest[] = [];
  const calls = { pages: 0 };
  let nowMs = 0;
  let left = turns;
  const turnEnds = async (): Promise<void> => {
    nowMs += 2_000;
    left -= 1;
    if (left === 0) tenancy.stop();
  };
  const say = (_: object, message: string): void => void said.push(message);
  const memory = newMemoryStore().store;
  const tenancy = partitionWorker({
    log: {
      read: async (request) => {
        reads.push(request);
        return { type: 'read', entries: [], nowMs: 0, lastDelivered: beforeAll };
      },
      waitForEntries: turnEnds,
      lift: async () => 'current',
      compareClaim: async () => 'same',
      noteClaim: async () => {},
      trim: async () => {},
      publish: async () => {},
      sealBoards: async () => {},
      unsealBoards: async () => {},
      ...log,
    },
    store: {
      ...memory,
      ledgersOfPartition: async (...asked) => {
        calls.pages += 1;
        return await memory.ledgersOfPartition(...asked);
      },
      ...store,
    },
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: turnEnds },
    random: () => 0.5,
    logger: { debug: () => {}, info: () => {}, warn: say, error: say },
    settings: { projectorId: 'test', batchMax: 10 },
  })({ partition, token: 'ours' }, () => true);
  await tenancy.ended;
  return { said, reads, boardsWritten: calls.pages };
};

const failing = (message: string) => async (): Promise<never> => {
  throw new Error(message);
};

const allTurns = <Value>(value: Value): readonly Value[] => Array.from({ length: turns }, () => value);

test('a purge that fails is told as one, holds nobody up, and is tried again', async () => {
  const { said, reads, boardsWritten } = await work({ store: { purgeKeys: failing('lock wait timeout') } });
  assert.equal(
    said,
    allTurns('old request keys not purged, trying again later; their table grows meanwhile'),
  );
  assert.equal(
    reads.map(({ reset }) => reset),
    [true, false, false, false],
  );
  assert.is(boardsWritten, 1);
});

test('a trim that fails is told as one, holds nobody up, and is tried again', async () => {
  const { said, reads, boardsWritten } = await work({ log: { trim: failing('out of memory') } });
  assert.equal(said, allTurns('stream not trimmed, trying again later; it grows meanwhile'));
  assert.equal(
    reads.map(({ reset }) => reset),
    [true, false, false, false],
  );
  assert.is(boardsWritten, 1);
});

test('nothing is read while nobody knows whether the claim stands, and it is told as that', async () => {
  const { said, reads } = await work({ store: { stands: failing('gone away') } });
  assert.equal(said, allTurns('the database could not be asked whether the claim stands, trying again'));
  assert.equal(reads, []);
});

test('nothing is read while nobody knows whether the stream went back', async () => {
  const { said, reads } = await work({ log: { lift: failing('timed out') } });
  assert.equal(said, allTurns('Redis could not be asked whether the stream went back, trying again'));
  assert.equal(reads, []);
});

test('after a lift whose reply was lost all is read again and all boards are written again', async () => {
  let lifts = 0;
  const lift: PartitionLog['lift'] = async () => {
    lifts += 1;
    if (lifts === 2) throw new Error('the reply was lost');
    return 'current';
  };
  const { reads, boardsWritten } = await work({ log: { lift } });
  assert.equal(
    reads.map(({ reset }) => reset),
    [true, true, false],
  );
  assert.is(boardsWritten, 2);
});

test('request keys are purged by the owner of one partition only, so that owners do not wait for each other', async () => {
  const purges: number[] = [];
  for (const partition of [0, 1, 2]) {
    const purgeKeys = async (): Promise<number> => purges.push(partition);
    await work({ partition, store: { purgeKeys } });
  }
  assert.equal(purges, allTurns(0));
});
