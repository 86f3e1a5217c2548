import { assert, suite } from '../support/suite.ts';
import type { Measurement } from './measured.ts';
import { rate } from './rate.ts';

const test = suite('rating');

const line = (sideId: string, values: readonly number[], figure = 'committed'): Measurement => ({
  part: 'throughput',
  figure,
  unit: '/s',
  sideId,
  side: sideId,
  ours: sideId.startsWith('onsale'),
  values,
});

test('a peer is told how many times as much ours is', () => {
  const [ours, peer] = rate([line('onsale', [800, 900]), line('peer', [100, 100])]);
  assert.is(ours?.ratio, undefined);
  assert.is(peer?.ratio, 8.5);
});

test('another line of ours is told how much of the first it is', () => {
  const [, keyed] = rate([line('onsale', [1_000]), line('onsale-keys', [750])]);
  assert.is(keyed?.ratio, 0.75);
});

test('lines of different figures are not compared', () => {
  const [, peer] = rate([line('onsale', [1_000]), line('peer', [10], 'accepted')]);
  assert.is(peer?.ratio, undefined);
});

test('median and range come from the rounds', () => {
  const [ours] = rate([line('onsale', [3, 1, 2])]);
  assert.equal([ours?.median, ours?.min, ours?.max], [2, 1, 3]);
});
