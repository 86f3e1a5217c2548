import { rejects } from 'node:assert/strict';
import { newPairGuard, type PairGuard } from '../../../src/cli/pair/guard-pair.ts';
import type { PairOutcome } from '../../../src/cli/pair/settle-pair.ts';
import type { ConnectionCandidate } from '../../../src/log/connection/prepare-connection.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the pair a process was started on');

const ours = 'a'.repeat(32);
const theirs = 'b'.repeat(32);
const paired: PairOutcome = { type: 'paired', id: ours };
const refused: PairOutcome = {
  type: 'refused',
  verdict: { type: 'refuse', why: 'different' },
  line: 'they are of two pairs',
};
const empty: PairOutcome = {
  ...refused,
  verdict: { type: 'refuse', why: 'redis-empty' },
  line: 'Redis is empty',
};

interface World {
  readonly guard: PairGuard;
  readonly said: string[];
  /** The result of comparisons over connections of their own, from now on. */
  settled: PairOutcome;
  compared: number;
  writtenBack: number;
}

const newWorld = (): World => {
  const said: string[] = [];
  const say = (_: object, message: string): void => void said.push(message);
  let nowMs = 0;
  const world: World = {
    said,
    settled: paired,
    compared: 0,
    writtenBack: 0,
    guard: newPairGuard({
      redisUrl: 'redis://one',
      databaseUrl: 'mysql://one/onsale',
      partitions: 4,
      logger: { debug: say, info: say, warn: say, error: say },
      clock: {
        nowMs: () => nowMs,
        monotonicMs: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms;
        },
      },
      onWrittenBack: () => {
        world.writtenBack += 1;
      },
      settleOnce: async () => {
        world.compared += 1;
        return world.settled;
      },
    }),
  };
  return world;
};

const begun = async (): Promise<World> => {
  const world = newWorld();
  assert.is(await world.guard.settle(new AbortController().signal), ours);
  return world;
};

/** A connection whose server answers with these ids, one for each query. */
const leadingTo = (...ids: readonly (string | null)[]): ConnectionCandidate => {
  const left = [...ids];
  const hmget = async (): Promise<readonly (string | null)[]> => [
    (left.length > 1 ? left.shift() : left[0]) ?? null,
  ];
  return { redis: Object.assign(Object.create(null), { hmget }), keeps: () => true };
};

const session = (id: string | undefined) =>
  Object.assign(Object.create(null), { arrays: async () => (id === undefined ? [] : [[id]]) });

test('a connection that leads to the same pair passes, and nothing else is asked', async () => {
  const world = await begun();
  assert.is(await world.guard.checkRedis(leadingTo(ours)), 'passed');
  assert.is(await world.guard.checkSession(session(ours)), undefined);
  assert.is(world.compared, 1);
  assert.is(world.guard.state(), 'ok');
});

test('a connection that leads to another pair is refused, and sessions with the right database are as well', async () => {
  const world = await begun();
  world.settled = refused;
  await rejects(world.guard.checkRedis(leadingTo(theirs)), /two pairs/);
  assert.ok(world.guard.isRefused());
  assert.match(world.guard.state(), 'two pairs');
  assert.match(String(await world.guard.checkSession(session(ours))), 'two pairs');
  assert.is(await world.guard.checkRedis(leadingTo(ours)), 'passed', 'the right one is back');
  assert.is(await world.guard.checkSession(session(ours)), undefined);
});

test('a session that leads to another database is refused, and connections to the right Redis are as well', async () => {
  const world = await begun();
  assert.match(String(await world.guard.checkSession(session(theirs))), 'belongs to the pair');
  await rejects(world.guard.checkRedis(leadingTo(ours)), /belongs to the pair/);
  assert.is(await world.guard.checkSession(session(ours)), undefined);
  assert.is(await world.guard.checkRedis(leadingTo(ours)), 'passed');
});

test('an id that Redis lost is written back once, however many connections find it, and told', async () => {
  const world = await begun();
  world.settled = { ...paired, wrote: 'written-back' };
  await Promise.all([1, 2, 3].map(() => world.guard.checkRedis(leadingTo(null, ours))));
  assert.is(world.writtenBack, 1);
  assert.is(world.said.filter((line) => line.includes('written back')).length, 1);
});

test('a connection that still leads to a server that stood there before is refused alone', async () => {
  const world = await begun();
  await rejects(world.guard.checkRedis(leadingTo(null)), /this connection/);
  assert.not.ok(world.guard.isRefused());
});

test('of a cluster, a node that does not keep the id has no say', async () => {
  const world = await begun();
  assert.is(await world.guard.checkRedis({ ...leadingTo(theirs), keeps: () => false }), 'no-say');
});

test('who starts on an empty Redis waits a moment for somebody who runs, then says what to do', async () => {
  const world = newWorld();
  world.settled = empty;
  await rejects(world.guard.settle(new AbortController().signal), /Redis is empty/);
  assert.ok(world.compared > 5);
});

test('who may not write the id waits until somebody has', async () => {
  const world = newWorld();
  world.settled = { type: 'waiting', why: 'this user may not write it' };
  const settling = world.guard.settle(new AbortController().signal);
  for (let n = 0; n < 100; n += 1) await Promise.resolve();
  assert.match(world.guard.state(), 'may not write');
  world.settled = paired;
  assert.is(await settling, ours);
});

test('who starts on two pairs is refused at once', async () => {
  const world = newWorld();
  world.settled = refused;
  await rejects(world.guard.settle(new AbortController().signal), /two pairs/);
  assert.is(world.compared, 1);
});
