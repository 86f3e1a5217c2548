import { type Cache, newMemory } from '../../src/projector/memory.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('what a projector remembers');

const numbers = (from: number, to: number): readonly (readonly [number, string])[] =>
  Array.from({ length: to - from + 1 }, (_, n) => [from + n, 'a fact'] as const);

const keys = (cache: Cache<number, string>): readonly number[] => [...cache.keys()];

/** A cache with room for a hundred entries. */
const newHundred = () => {
  const memory = newMemory(100);
  return { memory, open: () => memory.open<number, string>(() => 1) };
};

test('what was used longest ago makes way', () => {
  const cache = newHundred().open();
  cache.putAll(numbers(1, 100));
  cache.putAll(numbers(1, 50));
  cache.putAll(numbers(101, 130));
  assert.equal(
    keys(cache),
    [...numbers(81, 100), ...numbers(1, 50), ...numbers(101, 130)].map(([n]) => n),
  );
});

test('what is large takes the room of as many small ones as it weighs', () => {
  const memory = newMemory(1_000);
  const cache = memory.open<number, readonly number[]>((_, pools) => 10 * pools.length);
  cache.putAll(numbers(1, 100).map(([n]) => [n, [n]]));
  cache.putAll([[101, Array(40).fill(1)]]);
  assert.equal([cache.size, cache.bytes, cache.has(40), cache.has(41)], [61, 1_000, false, true]);
});

test('all partitions together have one bound, however many they are', () => {
  const { open } = newHundred();
  const caches = Array.from({ length: 64 }, open);
  for (const cache of caches) cache.putAll(numbers(1, 50));
  assert.is(
    caches.reduce((sum, { size }) => sum + size, 0),
    100,
  );
});

test('a busy partition takes what others do not need, and gives back no more than is above its share', () => {
  const { open } = newHundred();
  const [busy, quiet] = [open(), open()];
  quiet.putAll(numbers(1, 10));
  busy.putAll(numbers(1, 200));
  assert.equal([busy.size, quiet.size], [90, 10]);
  quiet.putAll(numbers(11, 70));
  assert.equal([busy.size, quiet.size], [50, 50]);
  assert.equal(
    keys(quiet),
    numbers(21, 70).map(([n]) => n),
  );
});

test('a partition that is given back leaves its room to the others', () => {
  const { memory, open } = newHundred();
  const [one, other] = [open(), open()];
  for (const cache of [one, other]) cache.putAll(numbers(1, 50));
  memory.close(one);
  other.putAll(numbers(1, 100));
  assert.equal([one.size, other.size], [0, 100]);
});

test('what is known anew weighs once, and what is forgotten nothing', () => {
  const cache = newHundred().open();
  for (let times = 0; times < 3; times += 1) cache.putAll(numbers(1, 10));
  assert.is(cache.bytes, 10);
  cache.delete(1);
  assert.is(cache.bytes, 9);
  cache.clear();
  assert.is(cache.bytes, 0);
});
