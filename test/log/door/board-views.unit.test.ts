import { parseShowId, type ShowId } from '../../../src/domain/ids.ts';
import { newBoardViews, type StoredBoard } from '../../../src/log/door/board-views.ts';
import { encodeBoard } from '../../../src/log/wire/board-codec.ts';
import { newDeferred } from '../../../src/shared/deferred.ts';
import { assert, suite } from '../../support/suite.ts';
import { settledWithin } from '../../support/within-limit.ts';

const test = suite('boards of a Redis that does not answer');

const newShowId = (): ShowId => {
  const id = parseShowId('01941f29-7000-8003-8123-456789abcdef');
  if (!id) throw new Error('not a show id');
  return id;
};
const showId = newShowId();

const stored: StoredBoard = {
  board: encodeBoard({ showId, revision: 1, rules: {}, pools: [] }),
  full: undefined,
  areBoardsComplete: true,
  closing: undefined,
  timeMs: undefined,
};

const soon = { limitMs: 1_000, everyMs: 1 };

type Redis = 'answers' | 'frozen' | 'refuses';

/** The time passes only when the test says so; a request that waits for a frozen Redis waits no longer then. */
const newWorld = () => {
  let [monotonicMs, asked] = [0, 0];
  let redis: Redis = 'answers';
  let answered: Partial<StoredBoard> = {};
  let thawed = newDeferred<void>();
  const waits: number[] = [];
  const boards = newBoardViews({
    stored: async () => {
      asked += 1;
      if (redis === 'refuses') throw new Error('not connected');
      if (redis === 'frozen') await thawed.promise;
      return { ...stored, ...answered };
    },
    monotonicMs: () => monotonicMs,
    sleep: async (ms, signal) => {
      await Promise.resolve();
      if (redis === 'answers') await newDeferred<void>().promise;
      if (!signal?.aborted) waits.push(ms);
    },
  });
  return {
    at: (ms: number, state: Redis) => {
      monotonicMs = ms;
      redis = state;
    },
    answer: (changes: Partial<StoredBoard>) => {
      answered = changes;
    },
    thaw: async () => {
      redis = 'answers';
      thawed.resolve();
      thawed = newDeferred<void>();
      await new Promise((resolve) => setImmediate(resolve));
    },
    view: () =>
      settledWithin(
        soon,
        boards.view(showId).then(({ type }) => type),
      ),
    asked: () => asked,
    waits,
  };
};

for (const state of ['frozen', 'refuses'] as const) {
  test(`the last board stands in for a Redis that ${state}, for ten seconds`, async () => {
    const { at, view } = newWorld();
    assert.is(await view(), 'board');
    for (const ms of [900, 2_000, 6_000, 10_000]) {
      at(ms, state);
      assert.is(await view(), 'board', `after ${ms} ms`);
    }
    at(10_600, state);
    if (state === 'refuses') assert.is(await view(), 'no-board');
  });
}

test('a board that was older than a second when Redis fell silent does not stand in', async () => {
  const { at, view } = newWorld();
  assert.is(await view(), 'board');
  at(1_001, 'frozen');
  assert.is(await view(), 'no-board');
});

test('while a question has no answer no other is asked, and only the first requests wait', async () => {
  const { at, view, asked, waits } = newWorld();
  await view();
  at(900, 'frozen');
  await Promise.all([view(), view(), view()]);
  at(1_900, 'frozen');
  await view();
  assert.is(asked(), 2);
  assert.equal(waits, [300]);
});

test('the answer counts as soon as it comes: a board, or that there is none', async () => {
  const { at, view, thaw, answer, asked } = newWorld();
  await view();
  at(900, 'frozen');
  assert.is(await view(), 'board');
  answer({ board: undefined });
  await thaw();
  at(1_000, 'answers');
  assert.is(await view(), 'unknown-show');
  at(1_100, 'refuses');
  assert.is(await view(), 'no-board', 'what Redis has taken back does not stand in');
  assert.is(asked(), 4);
});
