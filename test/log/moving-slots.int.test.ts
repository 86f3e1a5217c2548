import slotOf from 'cluster-key-slot';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { beforeAll } from '../../src/domain/stream-id.ts';
import { openNodes } from '../../src/log/cluster/open-nodes.ts';
import type { RedisNodes } from '../../src/log/connection/nodes.ts';
import { keysOf } from '../../src/log/keys.ts';
import { type ApiLog, openApiLog, openProjectorLog, type ProjectorLog } from '../../src/log/redis-log.ts';
import { askNode, type OwnCluster, startOwnRedisCluster } from '../support/redis-cluster.ts';
import type { OwnServer } from '../support/servers.ts';
import { type SlotMove, slotMove } from '../support/slot-move.ts';
import { assert, suite } from '../support/suite.ts';
import { startAppending } from './keep-appending.ts';
import { silent } from './redis-log-world.ts';
import { numbersIn, requestOf } from './requests.ts';

const test = suite('slots of a Redis Cluster on their way', { timeoutMs: 90_000 });

const token = 'owner:1';

let cluster: OwnCluster;
let nodes: RedisNodes;
let api: ApiLog;
let projector: ProjectorLog;
let moves = 0;

test.before(async () => {
  cluster = await startOwnRedisCluster();
  const options = { url: cluster.url, name: 'test', logger: silent };
  const onMoved = (): void => {
    moves += 1;
  };
  nodes = await openNodes({ ...options, onMoved });
  api = await openApiLog({ ...options, durability: 'replicated', lookUp: async () => new Map() });
  projector = await openProjectorLog({ ...options, retentionMs: 60_000, maxEntries: 1_000_000 });
});
test.after(async () => {
  await Promise.all([api?.close(), projector?.close(), nodes?.close()]);
  await cluster.remove();
});

const until = (condition: () => boolean | Promise<boolean>) =>
  waitUntil(condition, { limitMs: 20_000, everyMs: 10 });

/** Repeats a call that fails while the slot moves, as every owner does. */
const untilDone = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
  let done: { readonly value: Value } | undefined;
  const asked = async (): Promise<boolean> => {
    done = await ask().then(
      (value) => ({ value }),
      () => undefined,
    );
    return done !== undefined;
  };
  if (!(await until(asked)) || done === undefined) throw new Error('it failed again and again');
  return done.value;
};

interface SlotMigration extends SlotMove {
  readonly partition: number;
  readonly from: OwnServer;
  readonly to: OwnServer;
}

const masterOf = (partition: number): Promise<OwnServer> => cluster.masterOf(keysOf(partition).requests);

/** A migration of the partition's slot to the master of another partition. */
const moving = async (partition: number, other: number): Promise<SlotMigration> => {
  const [from, to] = [await masterOf(partition), await masterOf(other)];
  assert.is.not(from.port, to.port);
  const { lease } = keysOf(partition);
  await untilDone(() => nodes.control(lease).set(lease, token));
  return { ...(await slotMove(slotOf(String(partition)), from, to)), partition, from, to };
};

const read = (partition: number, reset: boolean) =>
  projector.partitionLog.read({ partition, leaseToken: token, count: 10_000, watermark: beforeAll, reset });

const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing failed',
    (error: unknown) => String(error),
  );

test('while its slot moves an owner reads nothing, and afterwards all, though the new master has lost our scripts', async () => {
  const move = await moving(0, 1);
  const { partition } = move;
  const appending = startAppending(api.appender, partition);
  await appending.appended(50);
  assert.is((await read(partition, true)).type, 'read');
  await move.begin();
  await askNode(move.to, 'script', 'flush');
  assert.match(await failure(read(partition, false)), /TRYAGAIN|ASK/);
  await move.moveKeys();
  assert.match(await failure(read(partition, true)), /ASK/);
  const before = moves;
  await move.finish();
  await appending.appended(50);
  await appending.stop();
  assert.ok(await until(() => moves > before), 'whoever waits for the slot is told');
  const there = numbersIn(await untilDone(() => read(partition, true)));
  const found = new Set(there);
  assert.equal(
    there,
    [...found].sort((a, b) => a - b),
    'in their order, and none twice',
  );
  const broken = appending.verdicts.flatMap(({ type }, n) =>
    (type === 'appended' && !found.has(n)) || (type === 'refused' && found.has(n)) ? [`${n} ${type}`] : [],
  );
  assert.equal(broken, []);
});

test('a wait for entries of a slot that moves goes on at the new master, and ends there', async () => {
  const move = await moving(2, 3);
  const { partition } = move;
  await api.appender.append(partition, requestOf(partition, 1));
  const after = await api.tail.lastId(partition);
  const signal = new AbortController().signal;
  const wait = () => projector.partitionLog.waitForEntries({ partition, after, timeoutMs: 60_000, signal });
  let rings = 0;
  const waiting = untilDone(wait).then(() => {
    rings += 1;
  });
  await move.begin();
  await move.moveKeys();
  await move.finish();
  assert.is(rings, 0);
  const isAppended = async (): Promise<boolean> =>
    (await api.appender.append(partition, requestOf(partition, 2))).type === 'appended';
  assert.ok(await until(isAppended));
  await waiting;
  assert.is(rings, 1);
});

/** How often the node was asked for its view of the cluster. */
const looksAt = async (node: OwnServer): Promise<number> => {
  const stats = String(await askNode(node, 'info', 'commandstats'));
  return Number(/^cmdstat_cluster\|nodes:calls=(\d+)/m.exec(stats)?.[1] ?? 0);
};

test('a move that is given up is told as well, though no redirect tells of it', async () => {
  const move = await moving(4, 5);
  const { claimed } = keysOf(move.partition);
  await move.begin();
  // The key does not exist: the ASK reply is so far the only sign of the move.
  assert.match(await failure(nodes.control(claimed).get(claimed)), 'ASK');
  const looks = await looksAt(move.from);
  assert.ok(await until(async () => (await looksAt(move.from)) >= looks + 5), 'it looks often');
  const before = moves;
  await move.giveUp();
  assert.ok(await until(() => moves > before));
});
