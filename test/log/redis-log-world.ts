import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Logger } from '../../src/domain/ports.ts';
import { beforeAll, parseStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import { openNodes } from '../../src/log/cluster/open-nodes.ts';
import { newBoards } from '../../src/log/door/boards.ts';
import { keysOf } from '../../src/log/keys.ts';
import { newFencedRead } from '../../src/log/partition/fenced-read.ts';
import { openApiLog, openProjectorLog } from '../../src/log/redis-log.ts';
import { encodeEntry } from '../../src/log/wire/codec.ts';
import type { LogWorld } from '../contract/log-world.ts';
import { mastersOf, openRedis, type RedisClient } from '../support/open-redis.ts';
import { lookUpEach } from './look-up-each.ts';

const nothing = (): void => undefined;
export const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const streamIdIn = (text: unknown): StreamId => {
  const id = parseStreamId(String(text));
  if (id === undefined) throw new Error(`not a stream id: ${text}`);
  return id;
};

/**
 * Our log on a real Redis or a real cluster, empty. Boards are never cached, so that a test sees the stored
 * ones.
 */
export const newRedisWorld = async (url: string): Promise<LogWorld> => {
  const server = await openRedis(url);
  await Promise.all(mastersOf(server).map((node) => node.flushall()));
  let look: Parameters<LogWorld['tables']>[0] = async () => undefined;
  const options = { url, name: 'test', logger: silent };
  const apiLog = await openApiLog({
    ...options,
    durability: 'disk',
    maxWaiters: 3,
    maxWatchers: 3,
    lookUp: lookUpEach((id) => look(id)),
  });
  const projectorLog = await openProjectorLog({ ...options, retentionMs: 50, maxEntries: 1_000_000 });
  const nodes = await openNodes(options);
  return {
    ...apiLog,
    log: projectorLog.partitionLog,
    liveClaims: projectorLog.liveClaims,
    unheardRead: newFencedRead(nodes.control),
    boards: newBoards({ nodeOf: nodes.control, freshMs: 0 }),
    tables: (next) => {
      look = next;
    },
    reconnect: async () => {
      // Our connections, and one that the driver's cluster client opens by itself.
      await Promise.all(mastersOf(server).map((node) => node.call('CLIENT', 'KILL', 'TYPE', 'pubsub')));
    },
    ...serverControl(server),
    until: (condition) => waitUntil(condition, { limitMs: 5_000, everyMs: 5 }),
    close: async () => {
      await Promise.all([apiLog.close(), projectorLog.close(), nodes.close()]);
      server.disconnect();
    },
  };
};

type ServerControl = Pick<
  LogWorld,
  'setLease' | 'idsOf' | 'appendAt' | 'appendRaw' | 'goBack' | 'dropGroup' | 'loseAll'
>;

const serverControl = (server: RedisClient): ServerControl => ({
  setLease: async (partition, token) => {
    await server.set(keysOf(partition).lease, token);
  },
  idsOf: async (partition) => {
    const entries = await server.xrange(keysOf(partition).requests, '-', '+');
    return entries.map(([id]) => streamIdIn(id));
  },
  appendAt: async (partition, id, request) => {
    await server.xadd(keysOf(partition).requests, id, ...encodeEntry(request));
  },
  appendRaw: async (partition, fields) => {
    const [field = '', value = '', ...rest] = fields;
    return streamIdIn(await server.xadd(keysOf(partition).requests, '*', field, value, ...rest));
  },
  goBack: (partition, id) => goBack(server, partition, id),
  dropGroup: async (partition) => {
    await server.xgroup('DESTROY', keysOf(partition).requests, 'projectors');
  },
  loseAll: async (partition) => {
    const { requests, lateFrom, boardsSealed } = keysOf(partition);
    await server.del(requests, lateFrom, boardsSealed);
  },
});

/** Rebuilds the stream as it was when `id` was its last entry and the group had read all of it. */
const goBack = async (server: RedisClient, partition: number, id: StreamId): Promise<void> => {
  const { requests, lateFrom } = keysOf(partition);
  const entries = await server.xrange(requests, '-', id);
  await server.del(requests, lateFrom);
  await server.xgroup('CREATE', requests, 'projectors', beforeAll, 'MKSTREAM');
  for (const [entryId, fields] of entries) {
    const [field = '', value = '', ...rest] = fields;
    await server.xadd(requests, entryId, field, value, ...rest);
  }
  await server.xgroup('SETID', requests, 'projectors', id, 'ENTRIESREAD', entries.length);
};
