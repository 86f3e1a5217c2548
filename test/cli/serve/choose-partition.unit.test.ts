import { choosePartition } from '../../../src/cli/serve/choose-partition.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the partition of a new show');

const world = (counts: () => Promise<ReadonlyMap<number, number>>) => {
  let nowMs = 0;
  let asked = 0;
  const choose = choosePartition({
    store: {
      openShowsByPartition: () => {
        asked += 1;
        return counts();
      },
    },
    partitions: 3,
    random: () => 0,
    clock: { monotonicMs: () => nowMs },
  });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { choose, pass, asked: () => asked };
};

const many = async (choose: () => Promise<number>, n: number): Promise<readonly number[]> => {
  const chosen: number[] = [];
  while (chosen.length < n) chosen.push(await choose());
  return chosen;
};

test('is the one with the fewest open shows, and whoever opens many in a row has them counted once', async () => {
  const { choose, pass, asked } = world(
    async () =>
      new Map([
        [0, 2],
        [1, 0],
        [2, 1],
      ]),
  );
  assert.equal(await many(choose, 5), [1, 1, 2, 0, 1]);
  assert.is(asked(), 1);
  pass(5_000);
  assert.equal([await choose(), asked()], [1, 2]);
});

test('is any while they cannot be counted, and they are counted as soon as they can', async () => {
  let isAway = true;
  const { choose, asked } = world(async () => {
    if (isAway) throw new Error('away');
    return new Map([
      [0, 1],
      [1, 1],
    ]);
  });
  assert.is(await choose(), 0);
  isAway = false;
  assert.equal([await choose(), asked()], [2, 2]);
});
