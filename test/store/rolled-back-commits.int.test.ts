import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/domain/ports.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { type OpenedSession, openSession } from '../../src/store/database/session.ts';
import { newSessions, type SessionPool } from '../../src/store/database/session-pool.ts';
import { partitionStoreOver } from '../../src/store/partition-store.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import { batchOf, confirmed, lineOf, newId, newOwner, newSeller, opening } from './story.ts';

const test = suite('store: a COMMIT that is answered with an error');

let database: Database;
test.before(async () => {
  database = await createDatabase();
  await (await openMigratedStore(database.url)).close();
});
test.after(() => database.drop());

const clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms) => delay(ms),
};

interface Answer {
  readonly errno: number;
  readonly sqlState: string;
}

/**
 * The errors of a server whose cluster did not certify the transaction, because a conflicting one was first.
 * The server has rolled everything back.
 */
const notCertified = {
  galera: { errno: 1213, sqlState: '40001' },
  groupReplication: { errno: 3101, sqlState: '40000' },
} as const;

interface World {
  readonly store: PartitionStore;
  /**
   * The next `times` COMMITs get this error as their answer. Instead of COMMIT, the server executes
   * `instead`.
   */
  answer: (times: number, error: Answer, instead?: 'ROLLBACK' | 'COMMIT') => void;
  readonly conflicts: () => number;
}

const withAnswers = async (body: (world: World) => Promise<void>): Promise<void> => {
  const limits = { connectMs: 2_500, queryMs: 10_000, silenceMs: 60_000, lockWaitMs: 1_000 };
  let left = 0;
  let answer: Answer & { readonly instead: 'ROLLBACK' | 'COMMIT' };
  let conflicts = 0;
  const answering = (session: OpenedSession): OpenedSession => ({
    ...session,
    run: async (sql) => {
      if (sql !== 'COMMIT' || left === 0) return await session.run(sql);
      left -= 1;
      await session.run(answer.instead);
      throw Object.assign(new Error('answered instead of COMMIT'), answer);
    },
  });
  const sessions: SessionPool = newSessions(
    { url: database.url, limits, size: 3, waitMs: 10_000, waitersMax: 100 },
    async (opening) => answering(await openSession(database.url, limits, opening)),
  );
  const onConflict = (): void => {
    conflicts += 1;
  };
  try {
    await body({
      store: partitionStoreOver(sessions, { leaseTtlMs: 1_000, clock, random: Math.random, onConflict }),
      answer: (times, error, instead = 'ROLLBACK') => {
        left = times;
        answer = { ...error, instead };
      },
      conflicts: () => conflicts,
    });
  } finally {
    await sessions.close();
  }
};

for (const [partition, [cluster, error]] of Object.entries(notCertified).entries())
  test(`what the servers of a cluster did not certify (${cluster}) is not applied and certainly so: it is tried again at once, and applied once`, () =>
    withAnswers(async ({ store, answer, conflicts }) => {
      const seller = await newSeller(store, partition);
      answer(2, error);
      assert.equal(await seller.sell(2), { type: 'committed' });
      assert.is(await seller.sold(), 2);
      assert.is(conflicts(), 2);
    }));

test('certified never: worth another try later, and nothing was applied', () =>
  withAnswers(async ({ store, answer }) => {
    const seller = await newSeller(store, 10);
    answer(1_000, notCertified.galera);
    assert.is((await seller.sell(2)).type, 'retry');
    assert.is(await seller.sold(), 0);
    answer(0, notCertified.galera);
    assert.equal(await seller.sell(2), { type: 'committed' });
    assert.is(await seller.sold(), 2);
  }));

test('not certified because another claimed the partition: fenced by the next try', () =>
  withAnswers(async ({ store, answer }) => {
    const { standing } = await newOwner(store, 11);
    const batch = batchOf(standing, [opening(newId(11), { a: 5 })]);
    await newOwner(store, 11, 'successor');
    answer(1, notCertified.galera);
    assert.equal(await store.commit(batch), { type: 'fenced' });
  }));

test('one commit for several partitions that was not certified is made again for each', () =>
  withAnswers(async ({ store, answer }) => {
    const sellers = await Promise.all([20, 21, 22].map((partition) => newSeller(store, partition)));
    answer(2, notCertified.galera);
    const verdicts = await Promise.all(sellers.map(({ sell }) => sell()));
    assert.equal(
      verdicts.map(({ type }) => type),
      ['committed', 'committed', 'committed'],
    );
    assert.equal(await Promise.all(sellers.map(({ sold }) => sold())), [1, 1, 1]);
  }));

test('a claim that was not certified is made again', () =>
  withAnswers(async ({ store, answer }) => {
    await newOwner(store, 30);
    answer(1, notCertified.galera);
    const owner = await newOwner(store, 30, 'successor');
    assert.equal(await owner.commit([opening(newId(30), { a: 5 })]), { type: 'committed' });
  }));

for (const [what, error] of [
  ['a node that lost its cluster', { errno: 1047, sqlState: '08S01' }],
  ['an error while committing', { errno: 1180, sqlState: 'HY000' }],
  ['one that says that it does not know', { errno: 1213, sqlState: '40003' }],
] as const)
  test(`any other error may come after the commit, as that of ${what}: it is found out, and applied once`, () =>
    withAnswers(async ({ store, answer }) => {
      const partition = 40 + what.length;
      const owner = await newOwner(store, partition);
      const show = newId(partition);
      await owner.commit([opening(show, { a: 5 })]);
      answer(1, error, 'COMMIT');
      assert.equal(await owner.commit([confirmed(show, [lineOf('a', 2)])]), { type: 'committed' });
      assert.is((await store.ledgers([show])).get(show)?.pools[0]?.confirmed, 2);
    }));
