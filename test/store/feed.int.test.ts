import type { ShowId } from '../../src/domain/ids.ts';
import type { Session } from '../../src/store/database/session.ts';
import { openSession } from '../../src/store/database/session.ts';
import type { Sessions } from '../../src/store/database/session-pool.ts';
import { feedReaderOver } from '../../src/store/feed/read-feed.ts';
import type { FeedItem, FeedQuery, FeedReader, SeenDecision } from '../../src/store/feed-contract.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import { confirmed, lineOf, newId, newOwner, opening } from './story.ts';

const test = suite('store: the feed', { timeoutMs: 60_000 });

let database: Database;
let store: Store;
let session: Session;
let feed: FeedReader;

test.before(async () => {
  database = await createDatabase();
  store = await openMigratedStore(database.url);
  const limits = { connectMs: 10_000, queryMs: 60_000, silenceMs: 60_000, lockWaitMs: 1_000 };
  session = await openSession(database.url, limits);
  feed = feedReaderOver(alone, (read) => read());
});
test.after(async () => {
  session?.destroy();
  await store?.close();
  await database?.drop();
});

const alone: Sessions = {
  borrow: async () => session,
  release: () => undefined,
  destroy: () => undefined,
  open: async () => session,
  close: async () => undefined,
};

const from = (seen: ReadonlyMap<number, SeenDecision>, query: Partial<FeedQuery> = {}): FeedQuery => ({
  limit: 3,
  ...query,
  seen,
});

/** Every page from the beginning to the end. */
const crawl = async (query: Partial<FeedQuery> = {}): Promise<readonly FeedItem[]> => {
  const items: FeedItem[] = [];
  for (let seen: ReadonlyMap<number, SeenDecision> = new Map(); ; ) {
    const page = await feed.page(from(seen, query));
    if (page.type !== 'page') throw new Error(`history changed in ${page.partitions}`);
    items.push(...page.items);
    if (page.isEnd) return items;
    seen = page.seen;
  }
};

const positions = (items: readonly FeedItem[], partition: number): readonly number[] =>
  items.filter((item) => item.partition === partition).map(({ position }) => position);

const newSale = async (partition: number, batches: readonly number[]): Promise<ShowId> => {
  const owner = await newOwner(store.partitionStore, partition);
  const show = newId(partition);
  await owner.commit([opening(show, { a: 1_000 })]);
  for (const count of batches)
    await owner.commit(Array.from({ length: count }, () => confirmed(show, [lineOf('a', 1)])));
  return show;
};

test('every decision comes once, and a partition’s in order, whatever the size of a page', async () => {
  await newSale(1, [5, 1, 9]);
  await newSale(2, [2]);
  for (const limit of [1, 2, 7, 1_000]) {
    const items = await crawl({ limit });
    assert.equal(
      positions(items, 1),
      [...Array(16).keys()].map((n) => n + 1),
    );
    assert.equal(positions(items, 2), [1, 2, 3]);
  }
});
