import { assert, suite } from '../../support/suite.ts';
import { inPairs, turnsOf } from './in-pairs.ts';

const test = suite('pairs');

test('who is first changes from pair to pair, so that drift favours neither', async () => {
  const turns: string[] = [];
  await inPairs(3, async (turn) => turns.push(turn));
  assert.equal(turns, ['before', 'now', 'now', 'before', 'before', 'now']);
});

test('each side has as many turns as there are pairs, and one in each', () => {
  for (const pair of [0, 1, 8]) assert.equal(turnsOf(pair).toSorted(), ['before', 'now']);
});

test('figures are of the side that played them, whoever was first', async () => {
  const pairs = await inPairs(2, async (turn, pair) => `${turn} ${pair}`);
  assert.equal(pairs, [
    { before: 'before 0', now: 'now 0' },
    { before: 'before 1', now: 'now 1' },
  ]);
});

test('one turn begins when the one before it is over', async () => {
  let playing = 0;
  await inPairs(2, async () => {
    playing += 1;
    assert.is(playing, 1);
    await Promise.resolve();
    playing -= 1;
  });
});
