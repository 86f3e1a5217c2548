import { createConnection } from 'mysql2/promise';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { keysOf } from '../../src/log/keys.ts';
import { type Audit, audit } from '../support/audit.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { getPool, getReservation, openShow, reserve, reserved, tell, type Wish } from '../support/client.ts';
import { listen } from '../support/event-stream.ts';
import { type LoadReport, startLoad } from '../support/load.ts';
import { type Onsale, runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { askNode, type OwnCluster, startOwnRedisCluster } from '../support/redis-cluster.ts';
import { hotPartition, keptPromises, sellWhile, type World } from '../support/sale.ts';
import type { OwnServer } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { decisionsIn, newDatabase, type PairWorld } from './pair-world.ts';

const test = suite('on a Redis Cluster', { timeoutMs: 90_000 });

const partitions = 8;
const env = { ONSALE_PARTITIONS: String(partitions), ONSALE_LEASE_TTL_MS: '1000' };
const hotStream = keysOf(hotPartition).requests;

let cluster: OwnCluster;
let backends: Backends;
/** By the durability that a 202 promises. */
let apis: Readonly<Record<'disk' | 'replicated', Onsale>>;
let projectors: readonly Onsale[];

const startApi = (durability: string): Promise<Onsale> =>
  startOnsale({
    roles: ['command', 'query'],
    ...backends.urls,
    // After a fail-over a master has no replica for a while, and must work nevertheless.
    env: { ...env, ONSALE_DURABILITY: durability, ONSALE_ACCEPT_RISK: 'min-replicas-to-write' },
  });

const worldOf = ({ url }: Onsale): World => ({
  ...backends.urls,
  partitions,
  api: { command: url, query: url },
});

test.before(async () => {
  backends = await startBackends(async () => {
    cluster = await startOwnRedisCluster();
    return cluster;
  });
  const startProjector = () => startOnsale({ roles: ['projector'], ...backends.urls, env });
  apis = { disk: await startApi('disk'), replicated: await startApi('replicated') };
  projectors = [await startProjector(), await startProjector()];
});
test.after(async () => {
  await Promise.all([apis?.disk, apis?.replicated, ...(projectors ?? [])].map((process) => process?.stop()));
  await backends.remove();
});

test('shows on every master: reserved, held, confirmed, watched, and a key sells once', async () => {
  const { url } = apis.replicated;
  for (let partition = 0; partition < partitions; partition++) {
    const customer = `ann-${partition}`;
    const showId = await openShow(url, { stalls: 5 }, { partition, holdSeconds: 600 });
    const wish = { customer, showId, quantity: 2, wait: 30, key: `once-${partition}` };
    const id = await reserved(url, wish);
    const again = await reserve(apis.disk.url, wish);
    assert.is(again.body['id'], id);
    const stream = await listen(`${apis.disk.url}/v1/reservations/${id}/updates`, {
      'x-customer-id': customer,
    });
    await stream.hears('held', ({ data }) => data['status'] === 'held');
    assert.is((await tell(url, 'confirm', id, { customer })).status, 200);
    await stream.hears('confirmed', ({ data }) => data['status'] === 'confirmed');
    await stream.ends();
    const { confirmed, held } = await getPool(url, showId);
    assert.equal([confirmed, held], [2, 0]);
  }
  await untilDecided(backends.urls);
  keptPromises(await audit(worldOf(apis.replicated)));
});

test('no role starts with the database of another pair, and nothing is written there', async () => {
  const { redisUrl } = backends.urls;
  const run: PairWorld['run'] = (args, others) =>
    runOnsale(args, {
      REDIS_URL: redisUrl,
      ONSALE_ID_KEYS: testIdKey,
      PORT: '0',
      OPS_PORT: '0',
      ...env,
      ...others,
    });
  const other = await newDatabase({ run });
  try {
    for (const roles of [['projector'], ['command', 'query']]) {
      const { code, output } = await run(['serve', ...roles], { DATABASE_URL: other.url });
      assert.is(code, 1, output);
      assert.match(output, /belongs to the pair [0-9a-f]{8}, the database .* to the pair [0-9a-f]{8}/);
    }
    assert.is(await decisionsIn(other.url), 0);
  } finally {
    await other.drop();
  }
});

/** While the work runs, no batch of the hot partition can be committed. */
const withoutCommits = async (work: () => Promise<void>): Promise<void> => {
  const lock = await createConnection(backends.urls.databaseUrl);
  try {
    await lock.beginTransaction();
    await lock.query('SELECT id FROM partitions WHERE id = ? FOR UPDATE', [hotPartition]);
    await work();
  } finally {
    lock.destroy();
  }
};

/**
 * The master of the hot partition dies, and its replica takes its place without the latest entries: the
 * replica was cut off, and nobody had decided these entries. The dead master comes back as a replica.
 */
const failOverBehind = async (whileBehind: () => Promise<void>): Promise<void> => {
  const master = await cluster.masterOf(hotStream);
  const replica = await cluster.replicaOf(master);
  await withoutCommits(async () => {
    await replica.kill('SIGSTOP');
    // Otherwise the following entries would wait in the socket of the frozen replica.
    await askNode(master, 'client', 'kill', 'type', 'replica');
    try {
      await whileBehind();
      await master.kill('SIGKILL');
    } finally {
      await replica.kill('SIGCONT');
    }
    await isPromoted(replica);
  });
  await master.restart();
  await cluster.whole();
};

const isPromoted = async (replica: OwnServer): Promise<void> => {
  const takesOver = async (): Promise<boolean> => (await cluster.masterOf(hotStream)).port === replica.port;
  assert.ok(await waitUntil(takesOver, { limitMs: 20_000, everyMs: 50 }));
};

test('replicated: a replica that lags behind takes over in mid-load, and nothing that was answered is lost', async () => {
  const report = await sellWhile(
    worldOf(apis.replicated),
    async ({ load }) => {
      await failOverBehind(async () => {
        const from = load.report.unknown.length;
        const isUnsure = (): boolean => load.report.unknown.length > from + 5;
        assert.ok(await waitUntil(isUnsure, { limitMs: 20_000 }), 'nobody missed the replica');
      });
      await load.accepts(20);
      // A fail-over takes time, and some places must be left for sale after it.
    },
    5_000,
  );
  assert.ok(report.unknown.length > 0);
});

/** Answered with 202, and neither on the stream nor decided. */
const lostOf = async (report: LoadReport, it: Audit, api: string): Promise<readonly string[]> => {
  const gone = new Set(it.faults.lost.map((fault) => fault.split(':')[0]));
  const lost: string[] = [];
  for (const { id, customer } of report.accepted)
    if (gone.has(id) && (await getReservation(api, id, customer)).status === 404) lost.push(id);
  return lost;
};

/**
 * Its key may have been lost too, or be on another master: either the same id is decided, or a new one
 * replaces it.
 */
const soldOnce = async (api: string, lost: string, wish: Wish): Promise<void> => {
  const again = await reserve(api, { ...wish, wait: 30 });
  const id = String(again.body['id']);
  assert.is(again.status, 201, JSON.stringify(again.body));
  assert.is((await reserve(api, { ...wish, wait: 30 })).body['id'], id);
  if (id !== lost) assert.is((await getReservation(api, lost, wish.customer)).status, 404);
};

test('disk: what the replica did not have is lost and named, all else is kept, and a key posted again sells once', async () => {
  const { url } = apis.disk;
  const world = worldOf(apis.disk);
  const showId = await openShow(url, { stalls: 100_000 }, { partition: hotPartition });
  const wish = { customer: 'keyed', showId, quantity: 1, key: 'again' };
  const load = startLoad({ api: url, shows: [showId] });
  let keyed = '';
  let behind: readonly string[] = [];
  try {
    await load.accepts(100);
    await failOverBehind(async () => {
      const from = load.report.accepted.length;
      keyed = String((await reserve(url, wish)).body['id']);
      await load.accepts(50);
      behind = load.report.accepted.slice(from).map(({ id }) => id);
    });
    await load.accepts(50);
  } finally {
    await load.stop();
  }
  assert.equal(load.report.odd, []);
  await untilDecided(world);
  const it = await audit({ ...world, accepted: [keyed, ...load.report.accepted.map(({ id }) => id)] });
  const lost = await lostOf(load.report, it, url);
  assert.ok(
    behind.filter((id) => lost.includes(id)).length >= 50,
    `${behind.length} came in behind, ${lost.length} lost`,
  );
  keptPromises({ ...it, faults: { ...it.faults, lost: [] } });
  await soldOnce(url, keyed, wish);
  await untilDecided(world);
  const kept = load.report.accepted.length - lost.length;
  assert.ok((await getPool(url, showId)).confirmed >= kept + 1);
});
