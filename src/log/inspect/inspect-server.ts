import type { Redis } from 'ioredis';
import type { Clock } from '../../domain/ports.ts';
import type { Master, NodeOf, RedisNodes } from '../connection/nodes.ts';
import { infoField } from '../connection/prepare-connection.ts';
import { parseTime } from '../connection/replies.ts';
import { settingsKey } from '../keys.ts';

/** The server facts (INFO and CONFIG) that the log's durability depends on. Absent when the server does not report one. */
export interface ServerSnapshot {
  readonly version?: string;
  /** Only a primary takes what we write. */
  readonly role?: 'primary' | 'replica';
  /** Its clock, which made the ids of the streams; ms since the epoch. */
  readonly nowMs: number;
  readonly usedBytes: number;
  /** 0 = no limit. */
  readonly maxBytes: number;
  /** The memory of its machine; in a container also the machine's, not the container's limit. */
  readonly machineBytes?: number;
  readonly evictionPolicy?: string;
  readonly appendOnly?: boolean;
  readonly appendFsync?: string;
  /** Whether the last write to the append-only file went well. */
  readonly lastWriteOk?: boolean;
  readonly replicas?: number;
  readonly minReplicasToWrite?: number;
  /** Further settings of the server, by Redis' own names; absent when the server hides its configuration. */
  readonly config?: Readonly<Record<string, string>>;
}

/**
 * Reads the facts of the server; in a cluster, of the node that keeps the settings. Many hosted servers hide their
 * configuration. Throws while the server is away.
 */
export const inspectServer = (nodeOf: NodeOf): Promise<ServerSnapshot> => inspectOne(nodeOf(settingsKey));

/** One of the servers that take writes, with our times of question and answer; or why it did not answer. */
export type MasterSnapshot = Pick<Master, 'address'> &
  (
    | {
        readonly type: 'seen';
        readonly server: ServerSnapshot;
        readonly askedAtMs: number;
        readonly answeredAtMs: number;
      }
    | { readonly type: 'away'; readonly why: string }
  );

/** Reads the facts of all servers that take writes, at the same moment. Never throws. */
export const inspectMasters = (
  nodes: Pick<RedisNodes, 'masters'>,
  { nowMs }: Pick<Clock, 'nowMs'>,
): Promise<readonly MasterSnapshot[]> =>
  Promise.all(
    nodes.masters().map(async ({ address, redis }): Promise<MasterSnapshot> => {
      const whose = address === undefined ? {} : { address };
      const askedAtMs = nowMs();
      try {
        const server = await inspectOne(redis);
        return { ...whose, type: 'seen', server, askedAtMs, answeredAtMs: nowMs() };
      } catch (error) {
        return { ...whose, type: 'away', why: error instanceof Error ? error.message : String(error) };
      }
    }),
  );

const inspectOne = async (redis: Redis): Promise<ServerSnapshot> => {
  const [time, info, config] = await Promise.all([redis.time(), redis.info(), configOf(redis)]);
  const field = (name: string): string | undefined => infoField(info, name);
  const version = field('redis_version');
  const policy = field('maxmemory_policy');
  const fsync = config?.['appendfsync'];
  const lastWrite = field('aof_last_write_status');
  return {
    ...(version !== undefined && { version }),
    ...roleNamed(field('role')),
    nowMs: parseTime(time),
    usedBytes: Number(field('used_memory') ?? 0) - Number(field('mem_not_counted_for_evict') ?? 0),
    maxBytes: Number(field('maxmemory') ?? 0),
    ...numberNamed('machineBytes', field('total_system_memory')),
    ...(policy !== undefined && { evictionPolicy: policy }),
    ...numberNamed('replicas', field('connected_slaves')),
    ...(field('aof_enabled') !== undefined && { appendOnly: field('aof_enabled') === '1' }),
    ...(fsync !== undefined && { appendFsync: fsync }),
    ...(lastWrite !== undefined && { lastWriteOk: lastWrite === 'ok' }),
    ...numberNamed('minReplicasToWrite', config?.['min-replicas-to-write']),
    ...(config && { config }),
  };
};

/** How many partitions the log was set up with; undefined for a Redis that is new or lost its data. */
export const storedPartitions = async (nodeOf: NodeOf): Promise<number | undefined> => {
  // HMGET, because every role may use it, also those that only inspect.
  const [text] = await nodeOf(settingsKey).hmget(settingsKey, 'partitions');
  return text ? Number(text) : undefined;
};

const roleNamed = (role: string | undefined): Pick<ServerSnapshot, 'role'> =>
  role === undefined ? {} : { role: role === 'slave' ? 'replica' : 'primary' };

/** All settings that are inspected, read with one command. */
const configNames = [
  'aof-load-truncated',
  'appendfsync',
  'auto-aof-rewrite-percentage',
  'client-output-buffer-limit',
  'cluster-enabled',
  'cluster-require-full-coverage',
  'disable-thp',
  'hz',
  'maxclients',
  'min-replicas-to-write',
  'no-appendfsync-on-rewrite',
  'tcp-backlog',
  'tcp-keepalive',
  'timeout',
] as const;

/** Undefined when an access rule forbids CONFIG. */
const configOf = async (redis: Redis): Promise<ServerSnapshot['config']> => {
  const reply: unknown = await redis.config('GET', ...configNames).catch(() => undefined);
  if (!Array.isArray(reply) || reply.length === 0) return undefined;
  const texts = reply.map(String);
  return Object.fromEntries(texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1] ?? '']] : [])));
};

const numberNamed = <Name extends 'replicas' | 'minReplicasToWrite' | 'machineBytes'>(
  name: Name,
  text: string | undefined,
) => (text === undefined ? {} : { [name]: Number(text) });
