import { firstReadMax, readCount, readMaxAfter } from '../../src/projector/read-entries.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('how much an owner reads at once');

const settings = { projectorId: 'p', batchMax: 2_000 };

/** Sizes of the reads from the first on, if every hundred entries take `tookMs` to settle. */
const reads = (count: number, tookMs: number): readonly number[] => {
  const sizes = [firstReadMax(settings.batchMax)];
  while (sizes.length < count) {
    const readMax = sizes.at(-1) ?? 0;
    sizes.push(readMaxAfter({ readMax, settings }, readMax, (readMax / 100) * tookMs));
  }
  return sizes;
};

test('full reads that are settled quickly grow to a whole batch', () => {
  assert.equal(reads(7, 2), [100, 200, 400, 800, 1_600, 2_000, 2_000]);
});

test('entries that take long are read a few at a time, and never more than a step can bear', () => {
  assert.equal(reads(5, 400), [100, 200, 200, 200, 200]);
  assert.equal(reads(3, 5_000), [100, 100, 100]);
});

test('one slow step halves what is read, down to where it began', () => {
  assert.is(readMaxAfter({ readMax: 2_000, settings }, 2_000, 1_500), 1_000);
  assert.is(readMaxAfter({ readMax: 150, settings }, 10, 1_500), 100);
  assert.is(readMaxAfter({ readMax: 3, settings: { ...settings, batchMax: 3 } }, 3, 1_500), 3);
});

test('a step of just half a second is not quick, and one of just a second is not slow', () => {
  assert.is(readMaxAfter({ readMax: 400, settings }, 400, 499), 800);
  assert.is(readMaxAfter({ readMax: 400, settings }, 400, 500), 400);
  assert.is(readMaxAfter({ readMax: 400, settings }, 400, 1_000), 400);
  assert.is(readMaxAfter({ readMax: 400, settings }, 400, 1_001), 200);
});

test('a read that found less than it might says nothing of what is too much', () => {
  assert.is(readMaxAfter({ readMax: 400, settings }, 399, 10), 400);
});

test('a read leaves room for as many holds as lapsed in the batch before it, so that no batch is cut for them', () => {
  const count = (readMax: number, lapsing: number) =>
    readCount({ readMax, lapsing, share: settings.batchMax, settings });
  assert.equal([count(2_000, 0), count(2_000, 600), count(800, 600)], [2_000, 1_400, 800]);
  assert.is(count(2_000, 2_000), firstReadMax(settings.batchMax));
});
