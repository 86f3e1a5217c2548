import { assert } from '../support/suite.ts';
import { type LogTest, type LogWorld, partition, token } from './log-world.ts';

/** How often a listener was called, by partition. */
const listenOn = ({ signals }: LogWorld, partitions: readonly number[]) => {
  const heard = new Map<number, number>();
  const { stop } = signals.listen(partitions, (one) => heard.set(one, of(one) + 1));
  const of = (one: number): number => heard.get(one) ?? 0;
  return { of, stop };
};

const commit = ({ log }: LogWorld, position: number, of = partition): Promise<void> =>
  log.publish({ partition: of, leaseToken: token, outcomes: [], boards: [], position });

/** Between the nodes of a cluster a message of the test before may still be in transit: numbers of calls are lower bounds. */
const hears = (world: LogWorld, call: () => Promise<void>, heard: () => number): Promise<boolean> => {
  const before = heard();
  return call().then(() => world.until(() => heard() > before));
};

export const followingContract = (test: LogTest): void => {
  test('a follower is called when its subscription is active, and after each commit from then on', async (world) => {
    const heard = listenOn(world, [partition]);
    assert.ok(await world.until(() => heard.of(partition) > 0));
    for (const position of [1, 3]) {
      const isHeard = await hears(
        world,
        () => commit(world, position),
        () => heard.of(partition),
      );
      assert.ok(isHeard, `the commit up to ${position}`);
    }
  });

  test('boards alone wake nobody, and no follower hears of a partition that it did not name', async (world) => {
    const [quiet, busy, foreign] = [partition + 4, partition + 5, partition + 6];
    const heard = listenOn(world, [quiet, busy]);
    assert.ok(await world.until(() => heard.of(quiet) === 1 && heard.of(busy) === 1));
    await world.log.publish({ partition: quiet, leaseToken: token, outcomes: [], boards: [] });
    await commit(world, 1, foreign);
    assert.ok(
      await hears(
        world,
        () => commit(world, 1, busy),
        () => heard.of(busy),
      ),
    );
    assert.is(heard.of(quiet), 1);
    assert.is(heard.of(foreign), 0);
  });

  test('after a reconnect a follower is called, because it may have missed a commit', async (world) => {
    const heard = listenOn(world, [partition]);
    assert.ok(await world.until(() => heard.of(partition) > 0));
    assert.ok(
      await hears(
        world,
        () => world.reconnect(),
        () => heard.of(partition),
      ),
    );
  });

  test('one that has stopped is not called any more, and the others are', async (world) => {
    const [one, other] = [listenOn(world, [partition]), listenOn(world, [partition])];
    assert.ok(await world.until(() => other.of(partition) > 0));
    one.stop();
    const before = one.of(partition);
    assert.ok(
      await hears(
        world,
        () => commit(world, 1),
        () => other.of(partition),
      ),
    );
    assert.is(one.of(partition), before);
  });
};
