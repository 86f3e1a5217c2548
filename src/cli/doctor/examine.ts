import type { Config } from '../../config.ts';
import { openNodes } from '../../log/cluster/open-nodes.ts';
import type { RedisNodes } from '../../log/connection/nodes.ts';
import { inspectReplicas } from '../../log/inspect/inspect-replicas.ts';
import { inspectMasters, storedPartitions } from '../../log/inspect/inspect-server.ts';
import { asError } from '../../store/database/database-error.ts';
import { inspectReplica } from '../../store/replica/inspect-replica.ts';
import { type DatabaseInspector, openDatabaseInspector } from '../../store/setup/inspect-database.ts';
import { newLogger } from '../../telemetry/logger.ts';
import { comparePair } from '../pair/compare-pair.ts';
import { newProcessId, realClock } from '../system.ts';
import { judgeReplicaClocks } from './judge-clock.ts';
import {
  cautionDatabase,
  type DatabaseSample,
  judgeDatabase,
  judgeSessions,
  judgeSide,
} from './judge-database.ts';
import { cautionHost, readHostLimits } from './judge-host.ts';
import { cautionRedis, judgeRedis, judgeRole } from './judge-redis.ts';
import { judgeReplica } from './judge-replica.ts';
import { judgeSetUp, type SetUp, upToDate } from './judge-set-up.ts';
import type { Line } from './line.ts';

/** The facts of both servers; `away` has one line for each that could not be asked, and why. */
export interface Examination {
  readonly lines: readonly Line[];
  readonly away: readonly string[];
}

interface Connections {
  readonly redis: RedisNodes | Error;
  readonly database: DatabaseInspector | Error;
}

/** The checks at a start. Of a cluster, only masters that answer are judged: a start must be possible while one is down. */
export const examineServers = (config: Config): Promise<Examination> =>
  withDoors(config, async (doors) => ({
    lines: await serverLines(config, doors, 'those that answer'),
    away: awayOf(doors),
  }));

/** Servers, schema and whether they belong together. */
export const examineAll = (config: Config): Promise<Examination> =>
  withDoors(config, async (doors) => ({
    lines: [
      ...(await serverLines(config, doors, 'all')),
      judgeReplicaClocks(await replicasOf(config, doors)),
      judgeSessions(await sessionsOf(doors)),
      ...(await replicaLines(config, doors)),
      ...judgeSetUp({
        wantedPartitions: config.partitions,
        pair: await comparePair(config).catch(() => undefined),
        ...(await setUpOf(doors)),
      }),
      ...cautionHost(await readHostLimits()),
    ],
    away: awayOf(doors),
  }));

const withDoors = async <Result>(
  config: Config,
  work: (doors: Connections) => Promise<Result>,
): Promise<Result> => {
  const [redis, database] = await Promise.all([
    openNodes(redisOptions(config)).catch(asError),
    openDatabaseInspector(config.databaseUrl).catch(asError),
  ]);
  try {
    return await work({ redis, database });
  } finally {
    if (!(database instanceof Error)) database.close();
    if (!(redis instanceof Error)) await redis.close();
  }
};

const redisOptions = ({ redisUrl }: Config) => ({
  url: redisUrl,
  name: newProcessId(),
  // Silent: errors become lines of the report.
  logger: newLogger({ level: 'silent', roles: ['doctor'] }),
  wants: 'any' as const,
});

const replicasOf = async (config: Config, { redis }: Connections) =>
  redis instanceof Error ? [] : await inspectReplicas(redis, redisOptions(config));

const sessionsOf = async ({ database }: Connections) =>
  database instanceof Error ? undefined : await database.sessions();

const replicaLines = async (config: Config, { database }: Connections): Promise<readonly Line[]> => {
  const { databaseUrl: primary, databaseReadUrl: replica, readLagMsMax } = config;
  if (replica === '') return [];
  // A replica cannot be compared with a primary that is away.
  if (database instanceof Error) return judgeReplica(undefined, readLagMsMax);
  return judgeReplica(await inspectReplica({ primary, replica }, readLagMsMax).catch(asError), readLagMsMax);
};

const awayOf = ({ redis, database }: Connections): readonly string[] =>
  [redis, database].flatMap((door) => (door instanceof Error ? [door.message] : []));

const serverLines = async (
  { durability }: Config,
  { redis, database }: Connections,
  which: 'all' | 'those that answer',
): Promise<readonly Line[]> => {
  const [masters, seen] = await Promise.all([
    redis instanceof Error ? [] : inspectMasters(redis, realClock),
    database instanceof Error ? undefined : sampleDatabase(database).catch(() => undefined),
  ]);
  const answering = masters.filter(({ type }) => type === 'seen');
  return which === 'all'
    ? [
        judgeRole(masters),
        ...judgeRedis(masters, durability),
        judgeSide(seen?.server),
        ...judgeDatabase(seen),
        ...cautionRedis(masters),
        ...cautionDatabase(seen),
      ]
    : [...judgeRedis(answering, durability), ...judgeDatabase(seen)];
};

const sampleDatabase = async (database: DatabaseInspector): Promise<DatabaseSample> => {
  const askedAtMs = realClock.nowMs();
  const server = await database.server();
  return { server, askedAtMs, answeredAtMs: realClock.nowMs() };
};

const setUpOf = async ({ redis, database }: Connections): Promise<Omit<SetUp, 'wantedPartitions'>> => {
  const [inRedis, inMysql] = await Promise.all([
    redis instanceof Error ? redis : storedPartitions(redis.control).catch(asError),
    database instanceof Error ? database : database.setUp().catch(asError),
  ]);
  return {
    ...(!(inRedis instanceof Error) && { redisPartitions: inRedis ?? 'none' }),
    ...(!(inMysql instanceof Error) && {
      mysqlPartitions: inMysql.partitions ?? 'none',
      schema: inMysql.schemaFault ?? upToDate,
    }),
  };
};
