import fc from 'fast-check';
import { beforeAll, newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import { type LogWorld, partition } from '../contract/log-world.ts';
import { newRedisWorld } from '../log/redis-log-world.ts';
import { idsIn, requestOf } from '../log/requests.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { newMemoryWorld } from './memory-log-world.ts';

/** All ids of this test are 1000-<n>. */
const place = (n: number): StreamId => newStreamId(1_000, n);
const sequenceOf = (id: StreamId): number => Number(id.split('-')[1]);

/** A step of the test, with its result as text. */
type Step = (world: LogWorld) => Promise<unknown>;

const owner = fc.constantFrom('a', 'a', 'a', 'b');
const watermark = fc.oneof(fc.constant(beforeAll), fc.nat({ max: 20 }).map(place));
const reading = fc.record({
  leaseToken: owner,
  watermark,
  count: fc.integer({ min: 1, max: 4 }),
  reset: fc.boolean(),
});

const append =
  (gap: number): Step =>
  async (world) => {
    const last = await world.tail.lastId(partition);
    const n = sequenceOf(last) + gap;
    await world.appendAt(partition, place(n), requestOf(partition, n));
    return `appended ${n}`;
  };

type ReadRequest = Omit<Parameters<LogWorld['log']['read']>[0], 'partition'>;

const read =
  (how: 'heard' | 'unheard', request: ReadRequest): Step =>
  async ({ log, unheardRead }) => {
    const verdict = await (how === 'heard' ? log.read : unheardRead)({ partition, ...request });
    const position = verdict.type === 'read' && verdict.lastDelivered;
    return { what: how, ...request, type: verdict.type, ids: idsIn(verdict), position };
  };

/** The stream is read to its end first, because on a server that goes back the group stands at the end. */
const goBack =
  (nth: number): Step =>
  async (world) => {
    await world.setLease(partition, 'a');
    const ids = await world.idsOf(partition);
    const id = ids[nth % ids.length];
    if (id === undefined) return 'nothing to go back to';
    await read('unheard', { leaseToken: 'a', watermark: beforeAll, count: 1_000, reset: true })(world);
    await world.goBack(partition, id);
    return `back to ${id}`;
  };

const dropGroup: Step = async (world) => {
  if ((await world.tail.lastId(partition)) === beforeAll) return 'no stream';
  await world.dropGroup(partition);
  return 'no group';
};

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }).map(append) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('heard' as const, 'heard' as const, 'unheard' as const), reading)
      .map(([how, request]) => read(how, request)),
  },
  {
    weight: 2,
    arbitrary: owner.map(
      (token): Step =>
        (world) =>
          world.setLease(partition, token),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(owner, watermark).map(
      ([leaseToken, mark]): Step =>
        ({ log }) =>
          log.lift({ partition, leaseToken, watermark: mark, judgedMs: 0, inFlightMax: 0 }),
    ),
  },
  { weight: 1, arbitrary: fc.nat({ max: 20 }).map(goBack) },
  { weight: 1, arbitrary: fc.constant(dropGroup) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.loseAll(partition)) },
);

const happenings = async (newWorld: () => Promise<LogWorld>, steps: readonly Step[]): Promise<unknown> => {
  const world = await newWorld();
  try {
    const came: unknown[] = [];
    await world.setLease(partition, 'a');
    for (const each of steps) came.push((await each(world)) ?? 'done');
    return [...came, await world.idsOf(partition), await world.tail.lastId(partition)];
  } finally {
    await world.close();
  }
};

let redis: OwnServer;

const test = suite('the log in memory, beside Redis');
test.before(async () => {
  redis = await startOwnRedis();
});
test.after(() => redis.remove());

test(
  'whatever is done to both, the same comes of it',
  async () => {
    const alike = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const real = await happenings(() => newRedisWorld(redis.url), steps);
      assert.equal(await happenings(newMemoryWorld, steps), real);
    });
    await fc.assert(alike, { numRuns: 60, endOnFailure: true });
  },
  { timeoutMs: 60_000 },
);
