import { assert, suite } from '../support/suite.ts';
import { drawChart } from './draw-chart.ts';
import { rate } from './rate.ts';

const test = suite('charts');

const of = (sideId: string, side: string, values: readonly number[]) => ({
  ...{ part: 'throughput', figure: 'committed', unit: '/s', sideId, side, values },
  ours: sideId === 'onsale',
});

const lines = rate([of('onsale', 'onsale', [200, 300, 400]), of('peer', 'A & B <c>', [100])]);
const chart = drawChart(lines, new Map([['peer', { oversold: 3, lost: 0, beforeDurable: 0, twice: 0 }]]));

test('bars are as long as their medians are beside the longest range', () => {
  const widths = [...chart.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  assert.equal(widths, [225, 75]);
});

test('a side that did not keep its word is shown with what it broke', () =>
  assert.ok(chart.includes('>100, oversold by 3<')));

test('names cannot break the drawing', () => assert.ok(chart.includes('A &amp; B &lt;c&gt;')));

test('nothing to draw is a mistake of the caller', () =>
  assert.throws(() => drawChart([], new Map()), /nothing/));
