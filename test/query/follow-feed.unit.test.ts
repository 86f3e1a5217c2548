import { type FeedSource, followFeed } from '../../src/query/follow-feed.ts';
import { newDeferred } from '../../src/shared/deferred.ts';
import type { FeedPage, FeedQuery } from '../../src/store/feed-contract.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('following the feed', { timeoutMs: 20_000 });

const asked: FeedQuery = { seen: new Map(), limit: 10 };

/** A feed of one partition whose pages tell no decisions, only how many there are; and who listens to it. */
const newWorld = (overrides: Partial<FeedSource> = {}) => {
  let decided = 0;
  const listening = new Map<(partition: number) => void, readonly number[]>();
  const pageNow = (): FeedPage => ({
    type: 'page',
    items: [],
    seen: new Map([[0, { position: decided, digest: '00000000' }]]),
    isEnd: true,
  });
  const source: FeedSource = {
    reader: { page: async () => pageNow(), end: async () => new Map() },
    signals: {
      listen: (partitions, onDecided) => {
        listening.set(onDecided, partitions);
        return { stop: () => void listening.delete(onDecided) };
      },
    },
    partitions: 4,
    ...overrides,
  };
  const decide = (): void => {
    decided += 1;
    for (const tell of [...listening.keys()]) tell(0);
  };
  return { source, decide, listening, pageNow };
};

const nextPosition = async (pages: AsyncGenerator<FeedPage, void>): Promise<number | undefined> => {
  const { value: page } = await pages.next();
  return page?.type === 'page' ? page.seen.get(0)?.position : undefined;
};

const never = new AbortController().signal;

test('what is committed between a read and the listening is read at once', async () => {
  const { source, decide } = newWorld();
  const pages = followFeed(asked, source, never);
  assert.is(await nextPosition(pages), 0);
  // Nobody listens yet.
  decide();
  const beganMs = performance.now();
  assert.is(await nextPosition(pages), 1);
  assert.ok(
    performance.now() - beganMs < 4_000,
    'it waited for the time after which it reads without a signal',
  );
  await pages.return();
});

test('each commit is read, also one that comes while a page is read, and the listener leaves with the follower', async () => {
  const { source, decide, listening } = newWorld();
  const pages = followFeed(asked, source, never);
  await pages.next();
  await pages.next();
  for (const expected of [1, 2]) {
    decide();
    assert.is(await nextPosition(pages), expected);
  }
  assert.is(listening.size, 1);
  await pages.return();
  assert.is(listening.size, 0);
});

test('it listens to what it reads: a partition, that of a show, or all', async () => {
  for (const [query, expected] of [
    [{}, [0, 1, 2, 3]],
    [{ partition: 2 }, [2]],
  ] as const) {
    const { source, listening } = newWorld();
    const pages = followFeed({ ...asked, ...query }, source, never);
    await pages.next();
    await pages.next();
    assert.equal([...listening.values()], [expected]);
    await pages.return();
  }
});

test('it ends when its signal is aborted, and after a history that has changed', async () => {
  const ending = new AbortController();
  const { source } = newWorld();
  const pages = followFeed(asked, source, ending.signal);
  await pages.next();
  await pages.next();
  const last = pages.next();
  ending.abort();
  assert.is((await last).done, true);
  const changed: FeedPage = { type: 'changed', partitions: [0] };
  const { source: restored } = newWorld({
    reader: { page: async () => changed, end: async () => new Map() },
  });
  const few: FeedPage[] = [];
  for await (const page of followFeed(asked, restored, never)) few.push(page);
  assert.equal(few, [changed]);
});

test('pages follow each other without a pause while there is more', async () => {
  const isMore = newDeferred<void>();
  let read = 0;
  const { source, pageNow, listening } = newWorld();
  const reader: FeedSource['reader'] = {
    page: async () => {
      read += 1;
      if (read === 3) isMore.resolve();
      const page = pageNow();
      return page.type === 'page' ? { ...page, isEnd: read === 3 } : page;
    },
    end: async () => new Map(),
  };
  const pages = followFeed(asked, { ...source, reader }, never);
  for (let n = 0; n < 3; n += 1) await pages.next();
  await isMore.promise;
  assert.is(listening.size, 0);
  await pages.return();
});
