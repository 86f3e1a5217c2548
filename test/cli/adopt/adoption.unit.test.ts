import { adoptionOf } from '../../../src/cli/adopt/survey-adoption.ts';
import { beforeAll, newStreamId } from '../../../src/domain/stream-id.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('what adopt says of a partition');

const id = (ms: number) => newStreamId(ms, 0);
const standing = { partition: 3, position: 7, watermark: id(100) };

test('entries behind the watermark will be decided', () => {
  const stream = { length: 4, firstId: id(90), lastId: id(120), oldest: id(110), behind: 2 };
  assert.equal(adoptionOf(standing, stream), { partition: 3, toDecide: 2, isCounted: true });
});

test('what was lost with a stream, at its end, or trimmed between, cannot be decided', () => {
  const gone = adoptionOf(standing, { length: 0, lastId: beforeAll });
  assert.match(gone.missing ?? '', 'is gone');
  const back = adoptionOf(standing, { length: 1, firstId: id(90), lastId: id(95) });
  assert.match(back.missing ?? '', 'ends at 95-0, before the watermark 100-0');
  const trimmed = adoptionOf(standing, {
    length: 1,
    firstId: id(150),
    lastId: id(150),
    oldest: id(150),
    behind: 1,
  });
  assert.match(trimmed.missing ?? '', 'begins at 150-0, after the watermark 100-0');
});

test('nothing is missing where nothing was ever decided, or all of it is there', () => {
  const fresh = { partition: 0, position: 0, watermark: beforeAll };
  assert.is(adoptionOf(fresh, { length: 0, lastId: beforeAll }).missing, undefined);
  assert.is(adoptionOf(standing, { length: 1, firstId: id(100), lastId: id(100) }).missing, undefined);
});

test('more than is counted is said as such', () => {
  const stream = { length: 30_000, firstId: id(90), lastId: id(900), oldest: id(110), behind: 10_000 };
  assert.not.ok(adoptionOf(standing, stream).isCounted);
});
