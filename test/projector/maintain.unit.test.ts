import type { PartitionLog } from '../../src/log/contract.ts';
import { untilBeatMs } from '../../src/projector/maintain.ts';
import { assert, suite } from '../support/suite.ts';
import { turns, workTurns } from './work-turns.ts';

const test = suite('keeping house');

const failing = (message: string) => async (): Promise<never> => {
  throw new Error(message);
};

const allTurns = <Value>(value: Value): readonly Value[] => Array.from({ length: turns }, () => value);

test('a purge that fails is told as one, holds nobody up, and is tried again', async () => {
  const { said, reads, boardsWritten } = await workTurns({
    store: { purgeKeys: failing('lock wait timeout') },
  });
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
  const { said, reads, boardsWritten } = await workTurns({ log: { trim: failing('out of memory') } });
  assert.equal(said, allTurns('stream not trimmed, trying again later; it grows meanwhile'));
  assert.equal(
    reads.map(({ reset }) => reset),
    [true, false, false, false],
  );
  assert.is(boardsWritten, 1);
});

test('nothing is read while nobody knows whether the claim stands, and it is told as that', async () => {
  const { said, reads } = await workTurns({ store: { stands: failing('gone away') } });
  assert.equal(said, allTurns('the database could not be asked whether the claim stands, trying again'));
  assert.equal(reads, []);
});

test('nothing is read while nobody knows whether the stream went back', async () => {
  const { said, reads } = await workTurns({ log: { lift: failing('timed out') } });
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
  const { reads, boardsWritten } = await workTurns({ log: { lift } });
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
    await workTurns({ partition, store: { purgeKeys } });
  }
  assert.equal(purges, allTurns(0));
});

test('whoever waits for a beat waits for the same moment, and for at most one beat', () => {
  for (const fromMs of [500, 500.25, 750, 999.5]) assert.is(fromMs + untilBeatMs(fromMs, 500), 1_000);
});
