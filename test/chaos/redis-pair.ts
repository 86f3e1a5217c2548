import { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** A master, a replica that follows it through a proxy of its own, and the proxy for the processes. */
export interface RedisPair {
  /** The address at which the processes find the current master. */
  readonly proxy: TcpProxy;
  readonly master: () => OwnServer;
  /** From now on nothing reaches the replica. */
  readonly holdReplication: () => void;
  /** Kills the master with -9 and promotes the replica, which has no replica itself until `follow`. */
  readonly failOver: () => Promise<void>;
  /**
   * A planned fail-over: the two exchange roles, and both stay up with all their connections. `whileAstray`
   * runs while the proxy still leads to the old master; from then on new connections lead to the new one.
   * Until `rejoin` the old master does not follow through a proxy of its own.
   */
  readonly changeSides: (whileAstray?: () => Promise<void>) => Promise<void>;
  /** The demoted server follows through the proxy again, and has caught up when this resolves. */
  readonly rejoin: () => Promise<void>;
  /** Starts the old master again as the replica of the new one; resolves once it has caught up. */
  readonly follow: () => Promise<void>;
  /** Resolves when the replica has everything that was on the master at the time of the call. */
  readonly untilInStep: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export interface RedisPairOptions {
  readonly settings?: Readonly<Record<string, string>>;
}

const inStepMs = 30_000;
// By default the server waits five seconds for further replicas before it sends a snapshot.
const replication = { 'repl-diskless-sync-delay': '0' };

/** Runs `work` with a connection of its own to the server. */
export const withRedis = async <Result>(
  { url }: Pick<OwnServer, 'url'>,
  work: (redis: Redis) => Promise<Result>,
): Promise<Result> => {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: 5_000, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
};

export const startRedisPair = async ({ settings = {} }: RedisPairOptions = {}): Promise<RedisPair> => {
  const start = (): Promise<OwnServer> => startOwnRedis({ settings: { ...replication, ...settings } });
  let [master, replica] = await Promise.all([start(), start()]);
  const [proxy, link] = await Promise.all([startTcpProxy(master.url), startTcpProxy(master.url)]);
  const untilInStep = async (): Promise<void> => {
    const isInStep = async (): Promise<boolean> => (await isLinked(replica)) && (await hearsAll(master));
    if (await waitUntil(isInStep, { limitMs: inStepMs, everyMs: 50 })) return;
    throw new Error(`the replica was not in step within ${inStepMs} ms`);
  };
  const follow = async (): Promise<void> => {
    link.passReplies();
    link.pointTo(master.port);
    await withRedis(replica, (redis) => redis.replicaof('127.0.0.1', link.port));
    await untilInStep();
  };
  await follow();
  return {
    proxy,
    master: () => master,
    holdReplication: () => link.swallowReplies(),
    failOver: async () => {
      await master.kill('SIGKILL');
      link.cut();
      await withRedis(replica, (redis) => redis.replicaof('NO', 'ONE'));
      [master, replica] = [replica, master];
      proxy.pointTo(master.port);
      proxy.cut();
    },
    changeSides: async (whileAstray) => {
      await untilInStep();
      await withRedis(master, (redis) => redis.call('FAILOVER', 'TIMEOUT', inStepMs));
      if (!(await waitUntil(() => hasRole(replica, 'master'), { limitMs: inStepMs, everyMs: 5 })))
        throw new Error(`the replica was not made the master within ${inStepMs} ms`);
      [master, replica] = [replica, master];
      await whileAstray?.();
      proxy.pointTo(master.port);
    },
    rejoin: follow,
    follow: async () => {
      await replica.restart();
      await follow();
    },
    untilInStep,
    remove: async () => {
      await Promise.all([proxy.close(), link.close(), master.remove(), replica.remove()]);
    },
  };
};

const isLinked = (replica: OwnServer): Promise<boolean> =>
  withRedis(replica, async (redis) => {
    const info = await redis.info('replication');
    return /role:slave/.test(info) && /link_status:up/.test(info) && /sync_in_progress:0/.test(info);
  }).catch(() => false);

const hasRole = (server: OwnServer, role: 'master' | 'slave'): Promise<boolean> =>
  withRedis(server, async (redis) => (await redis.info('replication')).includes(`role:${role}`)).catch(
    () => false,
  );

/** WAIT covers what its own connection wrote, and so everything written before that. */
const hearsAll = (master: OwnServer): Promise<boolean> =>
  withRedis(master, async (redis) => {
    await redis.set('drill', 'in step', 'PX', 1_000);
    return (await redis.wait(1, 1_000)) >= 1;
  }).catch(() => false);
