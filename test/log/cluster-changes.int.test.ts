import slotOf from 'cluster-key-slot';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { RequestId } from '../../src/domain/ids.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { beforeAll } from '../../src/domain/stream-id.ts';
import { redisLeases } from '../../src/lease/redis-leases.ts';
import { openNodes } from '../../src/log/cluster/open-nodes.ts';
import type { RedisNodes } from '../../src/log/connection/nodes.ts';
import { keysOf } from '../../src/log/keys.ts';
import { newPublish } from '../../src/log/partition/publish.ts';
import { type ApiLog, openApiLog, openProjectorLog, type ProjectorLog } from '../../src/log/redis-log.ts';
import { systemClock } from '../lease/redis-world.ts';
import { found } from '../support/found.ts';
import { askNode, type OwnCluster, startOwnRedisCluster } from '../support/redis-cluster.ts';
import type { OwnServer } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { type AppendLoop, startAppending } from './keep-appending.ts';
import { lookUpEach } from './look-up-each.ts';
import { silent } from './redis-log-world.ts';
import { numbersIn, outcomeOf, requestOf, reservationIdOf } from './requests.ts';

const test = suite('a Redis Cluster that changes', { timeoutMs: 60_000 });

const partitions = 16;
const token = 'owner:1';

let cluster: OwnCluster;
let nodes: RedisNodes;
let api: ApiLog;
let projector: ProjectorLog;
let look: (id: RequestId) => Promise<Outcome | undefined>;

test.before(async () => {
  cluster = await startOwnRedisCluster();
  const options = { url: cluster.url, name: 'test', logger: silent };
  nodes = await openNodes(options);
  api = await openApiLog({ ...options, durability: 'replicated', lookUp: lookUpEach((id) => look(id)) });
  projector = await openProjectorLog({ ...options, retentionMs: 60_000, maxEntries: 1_000_000 });
});
test.before.each(() => {
  look = async () => undefined;
});
test.after.each(() => cluster.whole());
test.after(async () => {
  await Promise.all([api?.close(), projector?.close(), nodes?.close()]);
  await cluster.remove();
});

const until = (condition: () => boolean | Promise<boolean>) =>
  waitUntil(condition, { limitMs: 20_000, everyMs: 10 });

const read = (partition: number, reset: boolean) =>
  projector.partitionLog.read({ partition, leaseToken: token, count: 10_000, watermark: beforeAll, reset });

/** The first command after a change may be redirected; then the map is refreshed, and the next one succeeds. */
const isAnswered = (answer: Promise<unknown>): Promise<boolean> =>
  answer.then(
    () => true,
    () => false,
  );

const nothing = { watermark: beforeAll, judgedMs: 0, inFlightMax: 0 };
const lift = (partition: number) => projector.partitionLog.lift({ partition, leaseToken: token, ...nothing });

const setLease = async (partition: number): Promise<void> => {
  const { lease } = keysOf(partition);
  await nodes.control(lease).set(lease, token);
};

/** Appended entries are there once, refused ones are not, and unknown ones are there at most once. */
const keptItsWord = async (partition: number, { verdicts }: AppendLoop): Promise<void> => {
  assert.ok(await until(() => isAnswered(setLease(partition))));
  assert.ok(await until(() => isAnswered(lift(partition))));
  const there = numbersIn(await read(partition, true));
  assert.equal([...there], [...new Set(there)], 'something was appended twice');
  const found = new Set(there);
  const broken = verdicts.flatMap(({ type }, n) =>
    (type === 'appended' && !found.has(n)) || (type === 'refused' && found.has(n)) ? [`${n} ${type}`] : [],
  );
  assert.equal(broken, []);
  assert.equal(
    there,
    [...there].sort((a, b) => a - b),
  );
};

const masterOf = (partition: number): Promise<OwnServer> => cluster.masterOf(keysOf(partition).requests);

const isServedBy = async (partition: number, node: OwnServer): Promise<boolean> =>
  (await masterOf(partition)).port === node.port;

const unused = new Set(Array.from({ length: partitions }, (_, partition) => partition));

/** A partition that no other test has used, in the first, second or third third of the slots. */
const newPartition = (third: 1 | 2 | 3): number => {
  const isInside = (partition: number): boolean =>
    Math.ceil((slotOf(String(partition)) * 3) / 16_384) === third;
  const found = [...unused].find(isInside);
  if (found === undefined) throw new Error('all partitions are used');
  unused.delete(found);
  return found;
};

test('a fail-over by hand: redirected appends are refused, none is lost or there twice, and reading starts again', async () => {
  const partition = newPartition(1);
  await setLease(partition);
  const appending = startAppending(api.appender, partition);
  await appending.appended(20);
  assert.is((await read(partition, true)).type, 'read');
  assert.is((await read(partition, false)).type, 'read');
  const replica = await cluster.replicaOf(await masterOf(partition));
  await askNode(replica, 'cluster', 'failover');
  assert.ok(await until(() => isServedBy(partition, replica)));
  await appending.appended(50);
  await appending.stop();
  const refused = appending.verdicts.filter(({ type }) => type === 'refused').length;
  // With only the regular refresh there would be a thousand.
  assert.ok(refused > 0 && refused < 250, `${refused} refused`);
  assert.ok(await until(() => isAnswered(lift(partition))));
  assert.is((await read(partition, false)).type, 'reconnected');
  await keptItsWord(partition, appending);
});

test('a slot that is given to another master is followed, with all that lies in it', async () => {
  const partition = newPartition(2);
  const slot = slotOf(String(partition));
  const from = await masterOf(partition);
  const to = await masterOf(newPartition(3));
  const [fromId, toId] = await Promise.all(
    [from, to].map((node) => askNode(node, 'cluster', 'myid').then(String)),
  );
  const appending = startAppending(api.appender, partition);
  await appending.appended(20);
  await askNode(to, 'cluster', 'setslot', slot, 'importing', fromId ?? '');
  await askNode(from, 'cluster', 'setslot', slot, 'migrating', toId ?? '');
  const moveAll = async (): Promise<boolean> => {
    const keys = parseKeys(await askNode(from, 'cluster', 'getkeysinslot', slot, 100));
    if (keys.length > 0) await askNode(from, 'migrate', '127.0.0.1', to.port, '', 0, 5_000, 'keys', ...keys);
    return keys.length === 0;
  };
  assert.ok(await until(moveAll));
  for (const node of [to, from]) await askNode(node, 'cluster', 'setslot', slot, 'node', toId ?? '');
  await appending.appended(50);
  await appending.stop();
  assert.ok(await isServedBy(partition, to));
  await keptItsWord(partition, appending);
});

const parseKeys = (reply: unknown): readonly string[] => reply as readonly string[];

test('kill -9 of a master: its replica goes on with all that was answered, and the others never stop', async () => {
  const [hurt, sound] = [newPartition(1), newPartition(3)];
  const master = await masterOf(hurt);
  const replica = await cluster.replicaOf(master);
  const [appending, elsewhere] = [hurt, sound].map((partition) => startAppending(api.appender, partition));
  if (!appending || !elsewhere) throw new Error('two partitions');
  await appending.appended(50);
  await master.kill('SIGKILL');
  const free = redisLeases({
    nodeOf: nodes.control,
    clock: systemClock,
    partitions,
    ttlMs: 2_000,
    projectorId: 'p',
  });
  assert.ok(await until(() => appending.verdicts.at(-1)?.type !== 'appended'));
  await api.ping();
  const named = await free.free();
  assert.ok(named.length > 0 && !named.includes(hurt), `${named}`);
  assert.ok(await until(() => isServedBy(hurt, replica)));
  await master.restart();
  await cluster.whole();
  await appending.appended(50);
  await Promise.all([appending.stop(), elsewhere.stop()]);
  assert.ok(elsewhere.verdicts.every(({ type }) => type === 'appended'));
  await keptItsWord(hurt, appending);
  await keptItsWord(sound, elsewhere);
});

test('a wait for entries ends on whichever node keeps the partition', async () => {
  const partition = newPartition(3);
  const replica = await cluster.replicaOf(await masterOf(partition));
  const wait = async (timeoutMs: number): Promise<number> => {
    const sinceMs = performance.now();
    const after = await api.tail.lastId(partition);
    const signal = new AbortController().signal;
    const appending = api.appender.append(partition, requestOf(partition, 5_000));
    await Promise.all([
      projector.partitionLog.waitForEntries({ partition, after, timeoutMs, signal }),
      appending,
    ]);
    return performance.now() - sinceMs;
  };
  assert.ok((await wait(20_000)) < 10_000);
  await askNode(replica, 'cluster', 'failover');
  const rings = (): Promise<boolean> =>
    wait(20_000).then(
      (tookMs) => tookMs < 10_000,
      () => false,
    );
  assert.ok(await until(() => isServedBy(partition, replica)));
  assert.ok(await until(rings));
});

/** The node that our subscriber is connected to; undefined while it moves to another after a change. */
const subscribedTo = async (): Promise<OwnServer | undefined> => {
  for (const node of cluster.nodes) {
    const clients = await askNode(node, 'client', 'list').catch(() => '');
    if (String(clients).includes('name=onsale-test-subscriber')) return node;
  }
  return undefined;
};

test('a listener whose node is no master any more goes to one that is', async () => {
  const node = await found('somebody who listens', subscribedTo);
  const replica = await cluster.replicaOf(node);
  await askNode(replica, 'cluster', 'failover');
  const hasMoved = async (): Promise<boolean> => {
    const now = await subscribedTo();
    return now !== undefined && now.port !== node.port;
  };
  assert.ok(await until(hasMoved));
});

test('a listener whose node dies is told of what it missed, and hears what is published then', async () => {
  const partition = newPartition(2);
  const [missed, later] = [0, 1].map((n) => reservationIdOf(partition, n));
  if (!missed || !later) throw new Error('two ids');
  const waits = [missed, later].map((id) => api.outcomes.wait(id, { timeoutMs: 30_000 }));
  const node = await found('somebody who listens', subscribedTo);
  await node.kill('SIGKILL');
  look = async (id) => (id === missed ? outcomeOf(partition, 0) : undefined);
  assert.equal(await waits[0]?.outcome, outcomeOf(partition, 0));
  assert.ok(await until(async () => (await subscribedTo()) !== undefined));
  let heard = false;
  void waits[1]?.outcome.then((outcome) => {
    heard = outcome !== undefined;
  });
  const publish = newPublish(nodes.control);
  const outcomes = [outcomeOf(partition, 1)];
  const told = async (): Promise<boolean> => {
    await publish({ partition, leaseToken: '', boards: [], outcomes }).catch(() => undefined);
    return heard;
  };
  assert.ok(await until(told));
  await node.restart();
});
