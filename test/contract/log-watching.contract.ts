import type { Outcome } from '../../src/domain/outcome.ts';
import type { WatchVerdict } from '../../src/log/contract.ts';
import { changedOf, outcomeOf, reservationIdOf } from '../log/requests.ts';
import { assert } from '../support/suite.ts';
import { type LogTest, type LogWorld, partition } from './log-world.ts';

/**
 * Between the nodes of a cluster a message of the previous test may still be in transit, so each test has a
 * reservation of its own.
 */
const newStory = (number: number) => ({
  id: reservationIdOf(partition, number),
  held: changedOf(partition, number, { status: 'held' }),
  confirmed: changedOf(partition, number, { status: 'confirmed', changedAtMs: 20 }),
  cancelled: changedOf(partition, number, { status: 'cancelled', changedAtMs: 30 }),
});

let stories = 2_000;
let { id, held, confirmed, cancelled } = newStory(stories);

const nextStory = (): void => {
  stories += 1;
  ({ id, held, confirmed, cancelled } = newStory(stories));
};

const publish = (world: LogWorld, ...outcomes: readonly Outcome[]) =>
  world.log.publish({ partition, leaseToken: '', boards: [], outcomes });

interface Watch {
  readonly told: readonly Outcome[];
  stop(): void;
}

/** A watch that has begun: nothing published from now on is missed. */
const watching = async (world: LogWorld, watched = id): Promise<Watch> => {
  const told: Outcome[] = [];
  const verdict = world.outcomes.watch(watched, (outcome) => told.push(outcome));
  await begun(verdict);
  return { told, stop: () => verdict.type === 'watching' && verdict.stop() };
};

const begun = async (verdict: WatchVerdict): Promise<void> => {
  if (verdict.type === 'full') throw new Error('no place to watch');
  await verdict.ready;
};

/** Everything published before has been received when this resolves. */
const allHeard = async (world: LogWorld): Promise<void> => {
  const last = reservationIdOf(partition, 99);
  const wait = world.outcomes.wait(last, { timeoutMs: 15_000 });
  await publish(world, outcomeOf(partition, 99));
  assert.ok(await wait.outcome);
};

export const watchingContract = (each: LogTest): void => {
  const test: LogTest = (promise, body) =>
    each(promise, async (world) => {
      nextStory();
      await body(world);
    });

  test('a watcher is told every outcome in order, and nothing of others', async (world) => {
    const { told } = await watching(world);
    await publish(world, held, outcomeOf(partition, 2));
    await publish(world, confirmed);
    await publish(world, cancelled);
    await allHeard(world);
    assert.equal(told, [held, confirmed, cancelled]);
  });

  test('watchers and waiters of one id are all told', async (world) => {
    const watches = [await watching(world), await watching(world)];
    const { outcome } = world.outcomes.wait(id, { timeoutMs: 15_000 });
    await publish(world, held);
    assert.equal(await outcome, held);
    assert.equal(
      watches.map(({ told }) => told),
      [[held], [held]],
    );
  });

  test('what was told already, or is older, is not told again', async (world) => {
    const { told } = await watching(world);
    for (const each of [confirmed, confirmed, held, cancelled]) await publish(world, each);
    await allHeard(world);
    assert.equal(told, [confirmed, cancelled]);
  });

  test('a watch that was stopped is told nothing more, and leaves its place', async (world) => {
    const [one, other, third] = [await watching(world), await watching(world), await watching(world)];
    assert.equal(
      world.outcomes.watch(id, () => undefined),
      { type: 'full' },
    );
    one.stop();
    one.stop();
    const next = await watching(world);
    assert.is(world.outcomes.watch(id, () => undefined).type, 'full', 'stopped twice, counted twice');
    await publish(world, held);
    await allHeard(world);
    assert.equal(
      [one, other, third, next].map(({ told }) => told.length),
      [0, 1, 1, 1],
    );
  });

  test('the tables are not asked for a watcher that begins: it looks itself', async (world) => {
    world.tables(async () => held);
    const { told } = await watching(world);
    await allHeard(world);
    assert.equal(told, []);
  });

  test('after a reconnect a watcher is told the state of now, and listens on', async (world) => {
    const { told } = await watching(world);
    await publish(world, held);
    await allHeard(world);
    world.tables(async () => confirmed);
    await world.reconnect();
    assert.ok(await world.until(() => told.length === 2), 'the tables were not asked');
    await publish(world, cancelled);
    assert.ok(await world.until(() => told.length === 3), 'it listens no more');
    assert.equal(told, [held, confirmed, cancelled]);
  });

  test('a watch that is stopped before it stood keeps nobody waiting', async (world) => {
    const verdict = world.outcomes.watch(id, () => undefined);
    if (verdict.type === 'watching') verdict.stop();
    await begun(verdict);
  });
};
