import type { ShowId } from '../../../src/domain/ids.ts';
import type { Clock } from '../../../src/domain/ports.ts';
import type { Session } from '../../../src/store/database/session.ts';
import { sessionLimits } from '../../../src/store/database/session-limits.ts';
import { newSessions, type Sessions } from '../../../src/store/database/session-pool.ts';
import { inSnapshot, inTransaction } from '../../../src/store/database/transaction.ts';
import type { Store } from '../../../src/store/open-store.ts';
import { createDatabase, type Database } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';
import { openMigratedStore, openTestStore } from '../open-test-store.ts';
import { confirmed, lineOf, newId, newOwner, type Owner, opening, rejected } from '../story.ts';

const test = suite('what the reservations of a show add up to', { timeoutMs: 40_000 });

const partition = 1;
const never = new AbortController().signal;
let database: Database;
/** The store that sums. Everything else uses another store, with the real clock. */
let summing: Store;
let store: Store;
let owner: Owner;
/** Called in the pauses between pages. */
let inRest: (ms: number) => Promise<void> = async () => undefined;
/** How far the clock advances each time it is read, which is therefore the time that a page takes. */
let pageMs = 10;
let nowMs = 0;

const clock: Clock = {
  nowMs: Date.now,
  monotonicMs: () => {
    nowMs += pageMs;
    return nowMs;
  },
  sleep: (ms) => inRest(ms),
};

test.before(async () => {
  database = await createDatabase();
  store = await openMigratedStore(database.url);
  summing = await openTestStore(database.url, { clock });
  await store.agreePartitions({ partitions: 2, rule: 'test' });
  owner = await newOwner(store.partitionStore, partition);
});
test.before.each(() => {
  inRest = async () => undefined;
  pageMs = 10;
});
test.after(async () => {
  await Promise.all([summing.close(), store.close()]);
  await database.drop();
});

/** 2,500 reservations, every fifth of them rejected: three pages. */
const largeShow = async (): Promise<ShowId> => {
  const show = newId(partition);
  const entries = Array.from({ length: 2_500 }, (_, n) =>
    n % 5 === 0
      ? rejected(show, [lineOf('a', 1)], { reason: 'sold-out' })
      : confirmed(show, n % 2 === 0 ? [lineOf('a', 1), lineOf('b', 2)] : [lineOf('a', 3)]),
  );
  await owner.commit([opening(show, { a: 10_000, b: 5_000 }), ...entries]);
  return show;
};

const sumsOf = async (show: ShowId, signal = never) => {
  const sums = await summing.sumPlaces(show, signal);
  return sums === 'given-up'
    ? sums
    : sums.map(({ confirmed: counted, confirmedSum }) => [counted, confirmedSum]);
};

const notedRests = (): readonly number[] => {
  const rests: number[] = [];
  inRest = async (ms) => void rests.push(ms);
  return rests;
};

const both = [
  [4_000, 4_000],
  [2_000, 2_000],
];

test('a show of several pages is summed to its end, with a rest behind each page but the last', async () => {
  const rests = notedRests();
  assert.equal(await sumsOf(await largeShow()), both);
  assert.equal(rests, [40, 40], 'four times as long as a page took');
});

test('no rest is as long as a database keeps a silent session', async () => {
  const rests = notedRests();
  const show = await largeShow();
  pageMs = 500;
  assert.equal(await sumsOf(show), both);
  assert.equal(rests, [250, 250]);
});

test('what is committed between two pages makes no difference', async () => {
  const show = await largeShow();
  inRest = async () => {
    await owner.commit([confirmed(show, [lineOf('a', 7)]), confirmed(show, [lineOf('b', 5)])]);
  };
  assert.equal(await sumsOf(show), both);
  inRest = async () => undefined;
  assert.equal(await sumsOf(show), [
    [4_014, 4_014],
    [2_010, 2_010],
  ]);
});

test('after a minute it gives up, and so it does when it is told to stop', async () => {
  const show = await largeShow();
  inRest = async () => {
    nowMs += 60_000;
  };
  assert.is(await sumsOf(show), 'given-up');
  const stopping = new AbortController();
  inRest = async () => stopping.abort();
  assert.is(await sumsOf(show, stopping.signal), 'given-up');
  inRest = async () => undefined;
  assert.equal(await sumsOf(show), both, 'its session serves the next');
});

test('a snapshot sees one moment, and leaves the transaction that comes after it as it was', async () => {
  const sessions = newSessions({
    url: database.url,
    limits: sessionLimits({ role: 'projector', leaseTtlMs: 1_000 }),
    size: 1,
    waitMs: 1_000,
    waitersMax: 1,
  });
  try {
    await seesOneMoment(sessions);
  } finally {
    await sessions.close();
  }
});

const seesOneMoment = async (sessions: Sessions): Promise<void> => {
  const settings = async (session: Session): Promise<number> =>
    (await session.rows('SELECT name FROM settings')).length;
  const another = async (): Promise<void> => {
    const session = await sessions.open();
    await session.change("INSERT INTO settings VALUES (?, '')", [`test-${clock.monotonicMs()}`]);
    session.destroy();
  };
  const grown = async (session: Session): Promise<number> => {
    const before = await settings(session);
    await another();
    return (await settings(session)) - before;
  };
  assert.is(await inSnapshot(sessions, grown), 0);
  const seen = inTransaction(sessions, async (session) => ({ end: 'rollback', value: await grown(session) }));
  assert.is(await seen, 1);
};
