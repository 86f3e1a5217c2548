import { type Connection, createConnection } from 'mysql2/promise';
import type { PoolNumbers } from '../../src/domain/decisions.ts';
import type { FeedItem, SeenDecision } from '../../src/domain/feed/feed-item.ts';
import type { ShowId } from '../../src/domain/ids.ts';
import { openSession, type Session } from '../../src/store/database/session.ts';
import type { Sessions } from '../../src/store/database/session-pool.ts';
import { feedReaderOver } from '../../src/store/feed/read-feed.ts';
import type { FeedPage, FeedQuery, FeedReader } from '../../src/store/feed-contract.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import {
  batchOf,
  confirmed,
  lineOf,
  newId,
  newOwner,
  newPoolId,
  type Owner,
  opening,
  rejected,
} from './story.ts';

const test = suite('store: the feed', { timeoutMs: 60_000 });

let database: Database;
let store: Store;
let session: Session;
let admin: Connection;

test.before(async () => {
  database = await createDatabase();
  admin = await createConnection(database.url);
  store = await openMigratedStore(database.url);
  const limits = { connectMs: 10_000, queryMs: 60_000, silenceMs: 60_000, lockWaitMs: 1_000 };
  session = await openSession(database.url, limits);
});
test.after(async () => {
  session?.destroy();
  await admin?.end();
  await store?.close();
  await database?.drop();
});

/** A feed on one session; `between` runs in front of each of its statements. */
const newFeed = (between: () => Promise<void> = async () => undefined): FeedReader => {
  const watched: Session = {
    ...session,
    gone: session.gone,
    home: session.home,
    rows: async (sql, values) => {
      await between();
      return session.rows(sql, values);
    },
    arrays: async (sql, values) => {
      await between();
      return session.arrays(sql, values);
    },
  };
  const sessions: Sessions = {
    borrow: async () => watched,
    release: () => undefined,
    destroy: () => undefined,
    open: async () => watched,
    close: async () => undefined,
  };
  return feedReaderOver(sessions, (read) => read());
};

type Seen = ReadonlyMap<number, SeenDecision>;
type ReadPage = Extract<FeedPage, { type: 'page' }>;

const pageOf = async (feed: FeedReader, query: FeedQuery): Promise<ReadPage> => {
  const page = await feed.page(query);
  if (page.type !== 'page') throw new Error(`history changed in ${page.partitions}`);
  return page;
};

/** Every page from a place to the end, and the place after it. */
const crawl = async (
  query: Partial<FeedQuery> = {},
  feed = newFeed(),
): Promise<{ readonly items: readonly FeedItem[]; readonly seen: Seen }> => {
  const items: FeedItem[] = [];
  for (let seen: Seen = query.seen ?? new Map(); ; ) {
    const page = await pageOf(feed, { limit: 3, ...query, seen });
    items.push(...page.items);
    if (page.isEnd && page.items.length === 0) return { items, seen: page.seen };
    seen = page.seen;
  }
};

const positions = (items: readonly FeedItem[], partition: number): readonly number[] =>
  items.filter((item) => item.partition === partition).map(({ position }) => position);

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);

/** A show that sells one place with each decision, in batches of these sizes. */
const newSale = async (
  partition: number,
  batches: readonly number[],
): Promise<{ owner: Owner; show: ShowId }> => {
  const owner = await newOwner(store.partitionStore, partition);
  const show = newId(partition);
  await owner.commit([opening(show, { a: 1_000 })]);
  for (const count of batches) await owner.commit(sales(show, count));
  return { owner, show };
};

const sales = (show: ShowId, count: number) =>
  Array.from({ length: count }, () => confirmed(show, [lineOf('a', 1)]));

test('every decision comes once, and a partition’s in order, whatever the size of a page', async () => {
  await newSale(1, [5, 1, 9]);
  await newSale(2, [2]);
  for (const limit of [1, 2, 7, 1_000]) {
    const { items } = await crawl({ limit });
    assert.equal(positions(items, 1), upTo(16));
    assert.equal(positions(items, 2), upTo(3));
  }
  const { items } = await crawl({ limit: 4, partition: 2 });
  assert.equal(positions(items, 2), upTo(3));
  assert.is(items.length, 3);
});

test('nothing is skipped by a commit between any two statements of a page', async () => {
  const { owner, show } = await newSale(3, []);
  let commits = 0;
  const feed = newFeed(async () => {
    if (commits >= 40) return;
    commits += 1;
    await owner.commit(sales(show, 1));
  });
  const { items } = await crawl({ partition: 3, limit: 2 }, feed);
  assert.equal(positions(items, 3), upTo(41));
});

test('a place is taken only while the decision it stands at is there, with the same content', async () => {
  const { owner, show } = await newSale(4, [3]);
  const { seen } = await crawl({ partition: 4 });
  const asked = { seen, limit: 3, partition: 4 };
  assert.is((await newFeed().page(asked)).type, 'page');
  // As after a restore: the same positions, with other decisions.
  await admin.query('DELETE FROM journal WHERE partition_id = 4 AND position > 2');
  assert.equal(await newFeed().page(asked), { type: 'changed', partitions: [4] });
  await admin.query('UPDATE partitions SET position = 2, watermark_ms = 0 WHERE id = 4');
  assert.equal(await newFeed().page(asked), { type: 'changed', partitions: [4] });
  owner.standing = (await newOwner(store.partitionStore, 4)).standing;
  await owner.commit(sales(show, 2));
  assert.equal(await newFeed().page(asked), { type: 'changed', partitions: [4] });
  assert.is((await newFeed().page({ ...asked, partition: 1 })).type, 'page');
  const again = await crawl({ partition: 4 });
  assert.equal(positions(again.items, 4), upTo(4));
});

test('from here on means what is decided later, and nothing before', async () => {
  const { owner, show } = await newSale(5, [2]);
  const seen = await newFeed().end();
  assert.is(seen.get(5)?.position, 3);
  await owner.commit(sales(show, 1));
  const { items } = await crawl({ seen });
  assert.equal(
    items.map(({ partition, position }) => [partition, position]),
    [[5, 4]],
  );
});

test('types and a show narrow it, and the place moves on past what was not wanted', async () => {
  const { owner, show } = await newSale(6, [2]);
  const other = newId(6);
  await owner.commit([opening(other, { a: 1 }), rejected(other, [lineOf('a', 2)], { reason: 'sold-out' })]);
  const ofShow = await crawl({ partition: 6, showId: show, limit: 1 });
  assert.equal(positions(ofShow.items, 6), [1, 2, 3]);
  assert.is(ofShow.seen.get(6)?.position, 5);
  const refused = await crawl({ partition: 6, types: new Set(['ReservationRejected']) });
  assert.equal(positions(refused.items, 6), [5]);
  const none = await crawl({ partition: 6, types: new Set(['HoldExpired']) });
  assert.equal(none.items, []);
  assert.is(none.seen.get(6)?.position, 5);
});

test('a row that cannot be read comes as such, and hides no other', async () => {
  await newSale(7, [3]);
  await admin.query("UPDATE journal SET type = 'OfALaterVersion' WHERE partition_id = 7 AND position = 2");
  const { items } = await crawl({ partition: 7 });
  assert.equal(positions(items, 7), upTo(4));
  assert.equal(
    items.map(({ entry }) => entry !== undefined),
    [true, false, true, true],
  );
});

test('the pools of each decision are told from its batch, wherever a page begins or ends', async () => {
  const { owner, show } = await newSale(8, []);
  const batch = batchOf(owner.standing, sales(show, 5));
  const last: PoolNumbers = [newPoolId('a'), 0, 5, 1_000];
  const entries = batch.entries.map((entry, at) => ({
    ...entry,
    decidedAtMs: batch.after.clockMs,
    ...(at === 4 && { poolsAfter: [last] }),
  }));
  assert.is((await store.partitionStore.commit({ ...batch, entries })).type, 'committed');
  for (const limit of [1, 2, 4, 100]) {
    const { items } = await crawl({ partition: 8, limit });
    assert.equal(
      items.slice(1).map(({ moved }) => moved?.[0]?.[2]),
      upTo(5),
      `pages of ${limit}`,
    );
  }
});

test('a page looks at 20,000 decisions at most, and the cost does not depend on how long the journal is', async () => {
  await newSale(9, []);
  await admin.query(`INSERT INTO journal (partition_id, position, type, decided_at_ms, late, data)
    SELECT 9, seq + 1, 'RequestRefused', 1700000000000 + seq, 0, '{"asked":"cancel","reason":"not-found"}' FROM seq_1_to_45000`);
  await admin.query('UPDATE partitions SET position = 45001 WHERE id = 9');
  const pages: ReadPage[] = [];
  for (let seen: Seen = new Map(); pages.at(-1)?.isEnd !== true; seen = pages.at(-1)?.seen ?? seen)
    pages.push(await pageOf(newFeed(), { seen, partition: 9, limit: 10, types: new Set(['HoldExpired']) }));
  assert.equal(
    pages.map(({ seen }) => seen.get(9)?.position),
    [20_000, 40_000, 45_001],
  );
  const before = await rowsRead();
  await pageOf(newFeed(), { seen: pages[1]?.seen ?? new Map(), partition: 9, limit: 10 });
  assert.ok((await rowsRead()) - before < 100, 'a page of ten reads tens of rows');
});

/** Rows that the server has read for the feed's session. */
const rowsRead = async (): Promise<number> => {
  const rows = await session.rows("SHOW SESSION STATUS LIKE 'Handler_read%'");
  return rows.reduce((sum, row) => sum + Number(Object.values(row)[1]), 0);
};
