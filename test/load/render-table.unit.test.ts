import { assert, suite } from '../support/suite.ts';
import { keptText } from './kept.ts';
import { rate } from './rate.ts';
import { numberText, renderTable } from './render-table.ts';

const test = suite('the table of a run');

const of = (sideId: string, values: readonly number[]) => ({
  ...{ part: 'throughput', figure: 'committed', unit: '/s', sideId, side: sideId, values },
  ours: sideId === 'onsale',
});

const kept = { oversold: 0, lost: 0, beforeDurable: 0, twice: 0 };

test('numbers have the digits that mean something', () =>
  assert.equal([0.12345, 7.777, 123.4, 20_123.7, Number.NaN].map(numberText), [
    '0.123',
    '7.78',
    '123',
    '20,124',
    '-',
  ]));

test('each line says the ratio and what the run found of the promises', () => {
  const lines = rate([of('onsale', [20_000, 22_000]), of('peer', [2_000, 2_200])]);
  const table = renderTable(lines, new Map([['peer', { ...kept, oversold: 12 }]]));
  const [, ours = '', peer = ''] = table.split('\n');
  assert.ok(
    ours.includes('21,000') && ours.includes('20,000–22,000') && ours.includes('not looked at'),
    ours,
  );
  assert.ok(peer.includes('ours is 10.00 ×') && peer.includes('oversold by 12'), peer);
});

test('a side that kept everything is told so, and each fault is named', () => {
  assert.is(keptText(kept), 'yes');
  assert.is(
    keptText({ oversold: 1, lost: 2, beforeDurable: 3, twice: 4 }),
    'oversold by 1, lost 2, answered 3 before durable, sold 4 twice',
  );
});
