import type { Config } from '../../config.ts';
import {
  inspectLeases,
  inspectMembers,
  type LeaseSnapshot,
  type MemberSnapshot,
} from '../../lease/inspect-leases.ts';
import { openNodes } from '../../log/cluster/open-nodes.ts';
import type { NodeOf, RedisNodes } from '../../log/connection/nodes.ts';
import { inspectServer, type ServerSnapshot, storedPartitions } from '../../log/inspect/inspect-server.ts';
import { inspectStream, type StreamSnapshot } from '../../log/inspect/inspect-stream.ts';
import { inTime } from '../../shared/in-time.ts';
import type { PartitionStanding } from '../../store/read/read-partitions.ts';
import { openRepairStore } from '../../store/repair/open-repair-store.ts';
import { newLogger } from '../../telemetry/logger.ts';
import { comparePair, type PairComparison } from '../pair/compare-pair.ts';
import { newProcessId } from '../system.ts';

/** A server's answer, or why there is none. */
export type Sighting<Look> =
  | { readonly type: 'seen'; readonly look: Look }
  | { readonly type: 'away'; readonly why: string };

export interface RedisSnapshot {
  readonly server: ServerSnapshot;
  readonly members: readonly MemberSnapshot[];
  /** How many partitions it was set up with. */
  readonly partitions?: number;
}

export interface MysqlSnapshot {
  /** How many partitions it was set up with. */
  readonly partitions: number;
  /** The server's own name for itself. */
  readonly server: string;
  /** While it is read-only, nothing can be decided. */
  readonly isReadOnly: boolean;
}

export interface PartitionSnapshot {
  readonly partition: number;
  readonly standing?: PartitionStanding;
  readonly stream?: StreamSnapshot;
  readonly lease?: LeaseSnapshot;
}

/** Everything that can be seen from outside, at about one moment. */
export interface Survey {
  readonly redis: Sighting<RedisSnapshot>;
  readonly mysql: Sighting<MysqlSnapshot>;
  /** Whether the two belong together; absent while that cannot be determined. */
  readonly pair?: PairComparison;
  readonly partitions: readonly PartitionSnapshot[];
}

/** Longer than the limits of all queries; if one of those does not hold, this one still ends the wait. */
const answerLimit = { limitMs: 12_000, message: 'no answer within 12000 ms' };

/** Changes nothing. When a server is away, the other one's facts are still shown. Never waits longer than some seconds. */
export const takeSurvey = async (config: Config, only?: number): Promise<Survey> => {
  const [survey, pair] = await Promise.all([surveyServers(config, only), seen(comparePair(config))]);
  return { ...survey, ...(pair.type === 'seen' && { pair: pair.look }) };
};

const surveyServers = async (config: Config, only: number | undefined): Promise<Survey> => {
  const [mysql, connection] = await Promise.all([
    seen(standings(config.databaseUrl)),
    seen(openRedis(config.redisUrl)),
  ]);
  const rows = mysql.type === 'seen' ? mysql.look.rows : [];
  const setUp = mysql.type === 'seen' ? ({ type: 'seen', look: mysql.look.server } as const) : mysql;
  const wanted = (partition: number): boolean => only === undefined || partition === only;
  if (connection.type === 'away') {
    const partitions = rows.map((standing) => ({ partition: standing.partition, standing }));
    return {
      redis: connection,
      mysql: setUp,
      partitions: partitions.filter(({ partition }) => wanted(partition)),
    };
  }
  const nodes = connection.look;
  try {
    const look = await seen(readRedis(nodes.control, config));
    const stored = look.type === 'seen' ? (look.look.partitions ?? 0) : 0;
    const all = [...Array(Math.max(rows.length, stored) || config.partitions).keys()].filter(wanted);
    const partitions = await seen(surveyPartitions(nodes.control, all, rows));
    return {
      redis: partitions.type === 'seen' ? look : partitions,
      mysql: setUp,
      partitions:
        partitions.type === 'seen'
          ? partitions.look
          : all.map((partition) => ({ partition, ...standingOf(rows, partition) })),
    };
  } finally {
    await nodes.close();
  }
};

const seen = async <Look>(looking: Promise<Look>): Promise<Sighting<Look>> => {
  try {
    return { type: 'seen', look: await inTime(looking, answerLimit) };
  } catch (error) {
    return { type: 'away', why: error instanceof Error ? error.message : String(error) };
  }
};

const standings = async (
  url: string,
): Promise<{ readonly rows: readonly PartitionStanding[]; readonly server: MysqlSnapshot }> => {
  const store = await openRepairStore(url);
  try {
    const rows = await store.partitions();
    const { server = 'not known', isReadOnly } = store.standing();
    return { rows, server: { partitions: rows.length, server, isReadOnly } };
  } finally {
    await store.close();
  }
};

const openRedis = (url: string): Promise<RedisNodes> =>
  openNodes({
    url,
    name: newProcessId(),
    // Silent: errors become part of the survey.
    logger: newLogger({ level: 'silent', roles: ['inspect'] }),
    // A replica must be accepted here, so that the survey can report that it is one.
    wants: 'any',
  });

const readRedis = async (nodeOf: NodeOf, { leaseTtlMs }: Config): Promise<RedisSnapshot> => {
  const [server, members, partitions] = await Promise.all([
    inspectServer(nodeOf),
    inspectMembers(nodeOf, { silentMsMax: leaseTtlMs }),
    storedPartitions(nodeOf),
  ]);
  return { server, members, ...(partitions !== undefined && { partitions }) };
};

const surveyPartitions = async (
  nodeOf: NodeOf,
  partitions: readonly number[],
  rows: readonly PartitionStanding[],
): Promise<readonly PartitionSnapshot[]> => {
  const leases = new Map((await inspectLeases(nodeOf, partitions)).map((lease) => [lease.partition, lease]));
  return await Promise.all(
    partitions.map(async (partition): Promise<PartitionSnapshot> => {
      const { standing } = standingOf(rows, partition);
      const lease = leases.get(partition);
      const after = standing?.watermark;
      const stream = await inspectStream(nodeOf, { partition, ...(after && { after }) });
      return { partition, ...(standing && { standing }), stream, ...(lease && { lease }) };
    }),
  );
};

const standingOf = (
  rows: readonly PartitionStanding[],
  partition: number,
): { readonly standing?: PartitionStanding } => {
  const standing = rows.find((row) => row.partition === partition);
  return standing ? { standing } : {};
};
