import { Redis } from 'ioredis';
import { freePort } from '../../infra/local/free-port.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type OwnServer, startOwnRedis } from './servers.ts';

/** A real Redis Cluster for one test file. Its methods as a server act on all nodes at once. */
export interface OwnCluster extends OwnServer {
  readonly nodes: readonly OwnServer[];
  /** The current master of the key. */
  masterOf(key: string): Promise<OwnServer>;
  /** The replica of this master that has caught up with it. */
  replicaOf(master: OwnServer): Promise<OwnServer>;
  /** Resolves when every slot has a master and every master has a replica that has caught up. */
  whole(): Promise<void>;
}

const masters = 3;
const slotCount = 16_384;
const patienceMs = 20_000;

/** After this long a silent master counts as failed; the default of 15 s would make tests long. */
const nodeTimeoutMs = 1_000;

/** Runs one command on one node. */
export const askNode = async (
  { port }: OwnServer,
  ...[command, ...args]: readonly [string, ...(string | number)[]]
): Promise<unknown> => {
  const redis = new Redis({ host: '127.0.0.1', port, lazyConnect: true, maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await redis.call(command, ...args);
  } finally {
    redis.disconnect();
  }
};

const startNode = async (settings: Readonly<Record<string, string>>): Promise<OwnServer> =>
  startOwnRedis({
    settings: {
      'cluster-enabled': 'yes',
      'cluster-node-timeout': String(nodeTimeoutMs),
      // Two thirds of the partitions continue while the last third has no master.
      'cluster-require-full-coverage': 'no',
      // By default the bus uses the port + 10000, which may be above the highest port.
      'cluster-port': String(await freePort()),
      'repl-diskless-sync-delay': '0',
      ...settings,
    },
  });

const busPortOf = async (node: OwnServer): Promise<number> => {
  const found = /@(\d+)/.exec(String(await askNode(node, 'cluster', 'nodes')));
  return Number(found?.[1]);
};

/** Does what redis-cli --cluster create does, without that tool. */
const form = async (nodes: readonly OwnServer[]): Promise<void> => {
  const [first, ...others] = nodes;
  if (first === undefined) return;
  for (const [index, node] of nodes.entries()) {
    await askNode(node, 'cluster', 'set-config-epoch', index + 1);
    if (index >= masters) continue;
    const from = Math.floor((index * slotCount) / masters);
    const to = Math.floor(((index + 1) * slotCount) / masters) - 1;
    await askNode(node, 'cluster', 'addslotsrange', from, to);
  }
  for (const other of others)
    await askNode(first, 'cluster', 'meet', '127.0.0.1', other.port, await busPortOf(other));
  const haveMet = async (): Promise<boolean> => {
    const known = await Promise.all(nodes.map((node) => askNode(node, 'cluster', 'nodes')));
    return known.every((text) => !/handshake/.test(String(text)) && linesOf(text).length === nodes.length);
  };
  await until('all nodes have met', haveMet);
  for (const [index, replica] of nodes.slice(masters).entries()) {
    const master = nodes[index % masters];
    if (master)
      await askNode(replica, 'cluster', 'replicate', String(await askNode(master, 'cluster', 'myid')));
  }
};

const linesOf = (text: unknown): readonly string[] => String(text).trim().split('\n');

const until = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
  // Nodes that are still starting refuse connections.
  const holds = (): Promise<boolean> => condition().catch(() => false);
  if (!(await waitUntil(holds, { limitMs: patienceMs, everyMs: 50 })))
    throw new Error(`the cluster: not within ${patienceMs} ms: ${what}`);
};

interface Role {
  readonly isMaster: boolean;
  /** For a master: number of replicas that have caught up. For a replica: whether it has. */
  readonly inStep: number;
}

const roleOf = async (node: OwnServer): Promise<Role> => {
  const info = String(await askNode(node, 'info', 'replication'));
  const isMaster = info.includes('role:master');
  return { isMaster, inStep: info.match(/state=online|master_link_status:up/g)?.length ?? 0 };
};

const isWhole = async (nodes: readonly OwnServer[]): Promise<boolean> => {
  const infos = await Promise.all(nodes.map((node) => askNode(node, 'cluster', 'info')));
  if (!infos.every((info) => /cluster_state:ok/.test(String(info)))) return false;
  if (!infos.every((info) => String(info).includes(`cluster_slots_ok:${slotCount}`))) return false;
  const roles = await Promise.all(nodes.map(roleOf));
  return (
    roles.filter(({ isMaster }) => isMaster).length === masters && roles.every(({ inStep }) => inStep > 0)
  );
};

const masterOf = async (nodes: readonly OwnServer[], key: string): Promise<OwnServer> => {
  let found: OwnServer | undefined;
  await until(`a master for ${key}`, async () => {
    for (const node of nodes) {
      // A replica answers MOVED, a stopped node does not answer.
      const answers = await askNode(node, 'exists', key).then(
        () => true,
        () => false,
      );
      if (answers) found = node;
    }
    return found !== undefined;
  });
  if (found === undefined) throw new Error(`no master for ${key}`);
  return found;
};

const replicaOf = async (nodes: readonly OwnServer[], master: OwnServer): Promise<OwnServer> => {
  let found: OwnServer | undefined;
  await until(`a replica of ${master.port}`, async () => {
    const info = String(await askNode(master, 'info', 'replication'));
    const port = Number(/port=(\d+),state=online/.exec(info)?.[1]);
    found = nodes.find((node) => node.port === port);
    return found !== undefined;
  });
  if (found === undefined) throw new Error(`no replica of ${master.port}`);
  return found;
};

export interface OwnClusterOptions {
  readonly settings?: Readonly<Record<string, string>>;
}

/** Three masters and three replicas with our redis.conf, ready within seconds. */
export const startOwnRedisCluster = async ({
  settings = {},
}: OwnClusterOptions = {}): Promise<OwnCluster> => {
  const nodes: OwnServer[] = [];
  for (let n = 0; n < 2 * masters; n++) nodes.push(await startNode(settings));
  const all = async (act: (node: OwnServer) => Promise<void>): Promise<void> => {
    await Promise.all(nodes.map(act));
  };
  const whole = (): Promise<void> => until('whole', () => isWhole(nodes));
  await form(nodes);
  await whole();
  const [first, ...others] = nodes.map(({ port }) => `127.0.0.1:${port}`);
  return {
    url: `redis+cluster://${first}?nodes=${others.join(',')}`,
    port: nodes[0]?.port ?? 0,
    dir: nodes[0]?.dir ?? '',
    pid: () => nodes[0]?.pid() ?? 0,
    nodes,
    masterOf: (key) => masterOf(nodes, key),
    replicaOf: (master) => replicaOf(nodes, master),
    whole,
    stop: () => all((node) => node.stop()),
    kill: (name) => all((node) => node.kill(name)),
    restart: async () => {
      await all((node) => node.restart());
      await whole();
    },
    remove: () => all((node) => node.remove()),
  };
};
