import { assert, suite } from '../support/suite.ts';
import { median, percentileOfSorted, ratioByRound, spreadOf } from './statistics.ts';

const test = suite('statistics');

test('the median is the middle one, whatever the order', () => assert.is(median([30, 10, 20]), 20));

test('the median of an even number is between the middle two', () => assert.is(median([40, 10, 20, 30]), 25));

test('the median of nothing is no number', () => assert.ok(Number.isNaN(median([]))));

test('a percentile is a value that was measured, by nearest rank', () => {
  const sorted = Array.from({ length: 200 }, (_, n) => n + 1);
  assert.is(percentileOfSorted(sorted, 0.5), 100);
  assert.is(percentileOfSorted(sorted, 0.99), 198);
  assert.is(percentileOfSorted(sorted, 1), 200);
});

test('one value is every percentile', () => assert.is(percentileOfSorted([7], 0.01), 7));

test('a round in which the machine was slow does not change the ratio', () =>
  assert.is(ratioByRound([100, 20, 100], [50, 10, 50]), 2));

test('a round that the other has not had does not count', () =>
  assert.is(ratioByRound([100, 100, 1_000], [50, 50]), 2));

test('half of the values lie between the quartiles', () =>
  assert.equal(spreadOf([9, 1, 2, 3, 4, 5, 6, 7, 8]), {
    median: 5,
    min: 1,
    max: 9,
    lowerQuartile: 3,
    upperQuartile: 7,
  }));

test('a quartile between two values is between them', () => {
  const { lowerQuartile, upperQuartile } = spreadOf([10, 20]);
  assert.equal([lowerQuartile, upperQuartile], [12.5, 17.5]);
});

test('one value is its own spread', () => {
  const { min, max, lowerQuartile, upperQuartile } = spreadOf([3]);
  assert.equal([min, max, lowerQuartile, upperQuartile], [3, 3, 3, 3]);
});
