import { createConnection } from 'mysql2/promise';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { openReplica, type Replica } from '../../src/store/open-replica.ts';
import type { Store } from '../../src/store/open-store.ts';
import { newWaitingReads } from '../../src/store/read/waiting-reads.ts';
import { openForReading } from '../../src/store/replica/open-session.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { type MariadbPair, startMariadbPair } from '../support/mariadb-pair.ts';
import { type OwnServer, startOwnMariadb } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { logger, openMigratedStore } from './open-test-store.ts';
import { newId, newOwner, opening } from './story.ts';

const test = suite('store: reading from a replica', { timeoutMs: 90_000 });

/** Generous, so that a good replica does not look late on a busy machine. */
const lagMsMax = 2_000;
const patience = { limitMs: 40_000, everyMs: 20 };

let pair: MariadbPair;
let store: Store;
let replica: Replica;
const answers = { replica: 0, primary: 0 };
let isHalted = false;

const openReadingFrom = (url: string, changes: { readonly lagMsMax?: number } = {}): Replica =>
  openReplica({
    url,
    poolSize: 3,
    lagMsMax,
    logger,
    primary: store,
    reads: newWaitingReads({ max: 1_000 }),
    isHalted: () => isHalted,
    onRead: (answeredBy) => {
      answers[answeredBy] += 1;
    },
    ...changes,
  });

test.before(async () => {
  pair = await startMariadbPair();
  store = await openMigratedStore(pair.proxy.url);
  replica = openReadingFrom(pair.replica().url);
});
test.after(async () => {
  await replica?.close();
  await store?.close();
  await pair?.remove();
});

const isUsed = (): Promise<boolean> => waitUntil(async () => replica.standing().isUsed, patience);
const isUnused = (why: RegExp, of = replica): Promise<boolean> =>
  waitUntil(async () => !of.standing().isUsed && why.test(of.standing().why ?? ''), patience);

/** Which of the two servers answered a read. */
const answeredBy = async (read: () => Promise<unknown>): Promise<string> => {
  const before = { ...answers };
  await read();
  return answers.replica > before.replica ? 'replica' : 'primary';
};

const openShow = async (partition: number) => {
  const owner = await newOwner(store.partitionStore, partition);
  const showId = newId(partition);
  await owner.commit([opening(showId, { a: 100 })]);
  return showId;
};

test('a replica that has everything is read; it says which server it is', async () => {
  const showId = await openShow(1);
  assert.ok(await isUsed());
  const isThere = async (): Promise<boolean> => (await replica.reader.show(showId)).show !== undefined;
  assert.ok(await waitUntil(isThere, patience));
  assert.is(await answeredBy(() => replica.reader.shows({ limit: 5 })), 'replica');
  assert.match(replica.standing().server ?? '', new RegExp(`:${pair.replica().port} \\(server_id 2\\)`));
});

test('nothing can be written through it, whatever the user may do', async () => {
  const session = await openForReading(pair.primary().url)({});
  const written = session.change("UPDATE settings SET value = value WHERE name = 'pair'");
  assert.match(String(await written.catch((error: unknown) => error)), /READ ONLY transaction/);
  session.destroy();
});

test('one that stops applying is left within its bound, says why, and is read again when it has caught up', async () => {
  assert.ok(await isUsed());
  await askMariadb(pair.replica(), 'STOP SLAVE SQL_THREAD');
  const showId = await openShow(2);
  // Only the bound is promised. Until it is over, the replica may not know the show; from then on the primary
  // answers.
  assert.ok(await isUnused(/more than 2000 ms behind/));
  assert.ok((replica.standing().ageMs ?? 0) > lagMsMax);
  assert.is((await replica.reader.show(showId)).show?.showId, showId);
  assert.is(await answeredBy(() => replica.reader.shows({ limit: 1 })), 'primary');
  await askMariadb(pair.replica(), 'START SLAVE SQL_THREAD');
  assert.ok(await isUsed());
  assert.is((await replica.reader.show(showId)).show?.showId, showId);
});

test('one that is away costs no answer, and is found again', async () => {
  assert.ok(await isUsed());
  const showId = await openShow(3);
  // A replica that does not have the show yet may still answer while it is being stopped.
  await pair.untilCaughtUp();
  await pair.replica().kill('SIGSTOP');
  try {
    // While the replica is frozen and this is not known yet, the primary answers after a time limit.
    assert.is((await replica.reader.show(showId)).show?.showId, showId);
    assert.ok(await isUnused(/./));
  } finally {
    await pair.replica().kill('SIGCONT');
  }
  assert.ok(await isUsed());
});

test('where the name leads elsewhere, that server is not read before it is proven', async () => {
  const elsewhere = await startOwnMariadb();
  const name = await startTcpProxy(pair.replica().url);
  const moving = openReadingFrom(name.url);
  try {
    const other = await openMigratedStore(elsewhere.url);
    await other.close();
    await openShow(4);
    await pair.untilCaughtUp();
    assert.ok(await waitUntil(() => moving.standing().isUsed, patience));
    const shows = await moving.reader.shows({ limit: 10 });
    assert.ok(shows.length > 0);
    name.pointTo(elsewhere.port);
    name.cut();
    // The other server has no show, so the answer comes from the primary.
    assert.equal(await moving.reader.shows({ limit: 10 }), shows);
    assert.ok(await isUnused(/of another pair/, moving));
    name.pointTo(pair.replica().port);
    name.cut();
    assert.ok(await waitUntil(() => moving.standing().isUsed, patience));
  } finally {
    await moving.close();
    await name.close();
    await elsewhere.remove();
  }
});

test('while a process may read nowhere, its replica is not read either', async () => {
  assert.ok(await isUsed());
  isHalted = true;
  try {
    assert.is(await answeredBy(() => replica.reader.shows({ limit: 1 })), 'primary');
  } finally {
    isHalted = false;
  }
});

test('without the primary nobody knows how late a replica is: it is believed for its bound, and no longer', async () => {
  assert.ok(await isUsed());
  pair.proxy.refuse();
  pair.proxy.cut();
  assert.ok(await isUnused(/the primary cannot be asked how far it is/));
  pair.proxy.accept();
  assert.ok(await isUsed());
});

const withOther = async (work: (server: OwnServer, url: string) => Promise<void>): Promise<void> => {
  const server = await startOwnMariadb();
  try {
    await work(server, server.url);
  } finally {
    await server.remove();
  }
};

test('a database of another pair, an empty one and one without rights are never read, and say so', async () => {
  await withOther(async (_server, url) => {
    const empty = openReadingFrom(url);
    assert.ok(await isUnused(/without a pair id/, empty));
    await empty.close();
    const other = await openMigratedStore(url);
    await other.close();
    const stranger = openReadingFrom(url);
    assert.ok(await isUnused(/of another pair than DATABASE_URL/, stranger));
    await stranger.close();
  });
  const connection = await createConnection(pair.primary().url);
  await connection.query("CREATE USER poor@'%' IDENTIFIED BY 'poor'");
  for (const table of ['settings', 'partitions', 'migrations', 'shows', 'pools'])
    await connection.query(`GRANT SELECT ON onsale.${table} TO poor@'%'`);
  await connection.end();
  await pair.untilCaughtUp();
  const url = new URL(pair.replica().url);
  url.username = 'poor';
  url.password = 'poor';
  const poor = openReadingFrom(url.href);
  assert.ok(await isUnused(/SELECT command denied .*reservations/, poor));
  await poor.close();
});

/** Changes the replica as a restore of only one of the two servers would. */
const rewrite = async (change: string): Promise<void> => {
  const connection = await createConnection(pair.replica().url);
  await connection.query('SET SESSION sql_log_bin = 0');
  await connection.query(`UPDATE onsale.partitions SET ${change} WHERE id = 1`);
  await connection.end();
};

test('one with a history of its own is never read', async () => {
  assert.ok(await isUsed());
  await askMariadb(pair.replica(), 'STOP SLAVE');
  await rewrite('position = position + 1000');
  assert.ok(await isUnused(/decisions that the primary has not/));
  await rewrite('position = position - 1000, watermark_seq = watermark_seq + 1');
  assert.ok(await isUnused(/other decisions than the primary/));
  await rewrite('watermark_seq = watermark_seq - 1');
  await askMariadb(pair.replica(), 'START SLAVE');
  assert.ok(await isUsed());
});
