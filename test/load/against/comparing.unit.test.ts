import { assert, suite } from '../../support/suite.ts';
import { type Comparison, comparePairs } from './compare-pairs.ts';
import { comparisonTable, verdictLines } from './comparison-text.ts';
import type { Outcome } from './trial.ts';

const test = suite('comparing two builds');

const outcome = (api: number, projector: number): Outcome => ({
  cpuMicros: { api, projector, load: 1_000 },
  figures: [{ figure: 'committed', unit: '/s', value: 10_000 }],
});

const pairsOf = (ratios: readonly number[]) =>
  ratios.map((ratio) => ({ before: outcome(60, 40), now: outcome(60 * ratio, 40 * ratio) }));

const figureIn = (comparisons: readonly Comparison[], name: string): Comparison => {
  const found = comparisons.find(({ figure }) => figure === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

test('the whole is what all processes took, without the load generator', () => {
  const { before, now } = figureIn(comparePairs('hot show', pairsOf([1.5])), 'CPU');
  assert.equal([before, now], [100, 150]);
});

test('each process is compared by itself', () => {
  const pairs = [{ before: outcome(60, 40), now: outcome(60, 80) }];
  const comparisons = comparePairs('hot show', pairs);
  assert.is(figureIn(comparisons, 'CPU, api').ratio.median, 1);
  assert.is(figureIn(comparisons, 'CPU, projector').ratio.median, 2);
  assert.is(figureIn(comparisons, 'CPU').ratio.median, 1.4);
});

test('the ratio is the median of the pairs, so that a slow moment of the machine does not count', () => {
  const slow = { before: outcome(600, 400), now: outcome(606, 404) };
  const { ratio, now } = figureIn(comparePairs('hot show', [...pairsOf([1.01, 1.01]), slow]), 'CPU');
  assert.is(ratio.median.toFixed(3), '1.010');
  assert.is(now, 101);
});

test('a process that only one side has is not compared, and counts in the whole', () => {
  const { cpuMicros, figures } = outcome(60, 40);
  const pairs = [{ before: outcome(60, 40), now: { cpuMicros: { ...cpuMicros, feed: 10 }, figures } }];
  const comparisons = comparePairs('hot show', pairs);
  assert.ok(Number.isNaN(figureIn(comparisons, 'CPU, feed').ratio.median));
  assert.is(figureIn(comparisons, 'CPU').ratio.median, 1.1);
});

const verdictOf = (ratios: readonly number[]): string =>
  verdictLines(comparePairs('hot show', pairsOf(ratios)), '7068965').join('\n');

test('the last line says in words how many times the CPU a request takes', () =>
  assert.is(
    verdictOf([1, 1, 1.01, 1.01, 1.01, 1.01, 1.015, 1.02, 1.04]),
    'hot show: CPU a request 1.010 × of 7068965 (median of 9 pairs, 1.00–1.04, half of them 1.01–1.01): within the limit of 1.02',
  ));

const nine = (ratio: number): readonly number[] => Array.from({ length: 9 }, () => ratio);

test('more than 1.02 times is above the limit, however little', () => {
  assert.match(verdictOf(nine(1.02)), /: within the limit of 1\.02$/);
  assert.match(verdictOf(nine(1.021)), /1\.021 × .*: above the limit of 1\.02$/);
});

test('where the pairs differ by more than the limit allows, that is said beside the verdict', () =>
  assert.match(
    verdictOf([0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2]),
    /: within the limit of 1\.02, but the pairs differ by more than the limit allows/,
  ));

test('where there are fewer pairs than a judgement takes, that is said beside the verdict', () =>
  assert.match(
    verdictOf([1]),
    /\(median of 1 pair, .*: within the limit of 1\.02, but fewer than 9 pairs do not count$/,
  ));

test('where a process cannot be seen, there is no verdict', () => {
  const nothing: Outcome = { cpuMicros: {}, figures: [] };
  const lines = verdictLines(comparePairs('hot show', [{ before: nothing, now: nothing }]), '7068965');
  assert.match(lines.join(''), /: not known/);
});

test('the table has a line for each figure, with both sides', () => {
  const table = comparisonTable(comparePairs('hot show', pairsOf([1.5])), '7068965');
  assert.match(table, /hot show +CPU +µs each +100 +150 +1\.500/);
  assert.match(table, /hot show +committed +\/s +10,000 +10,000 +1\.000/);
});
