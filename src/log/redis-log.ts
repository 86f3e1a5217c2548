import type { Redis } from 'ioredis';
import type { Logger } from '../domain/ports.ts';
import { type Durability, newAppender } from './append.ts';
import { newBacklogs } from './backlogs.ts';
import { newBoards } from './boards.ts';
import { type ConnectionKind, closeConnection, connect } from './connect.ts';
import type { Backlogs, Boards, LogTail, Outcomes, PartitionLog, RequestAppender } from './contract.ts';
import type { Look } from './looks.ts';
import { newOutcomes } from './outcomes.ts';
import { newPartitionLog } from './partition-log.ts';
import { agreePartitions } from './settings.ts';
import { newLogTail } from './tail.ts';
import type { Retention } from './trim.ts';

export interface RedisOptions {
  readonly url: string;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  readonly logger: Logger;
}

/** What every role has of the log. */
export interface OpenLog {
  /** Throws what to do when the stored number of partitions cannot be agreed on. */
  agreePartitions(count: number): Promise<void>;
  /** Throws while Redis cannot be asked. */
  ping(): Promise<void>;
  /** Open commands are rejected, waits end without an outcome. */
  close(): Promise<void>;
}

export interface QueryLogOptions extends RedisOptions {
  readonly look: Look;
  readonly maxWaiters?: number;
}

export interface QueryLog extends OpenLog {
  readonly tail: LogTail;
  readonly outcomes: Outcomes;
  /** How many wait for an outcome now. */
  readonly waiting: () => number;
}

export interface CommandLogOptions extends QueryLogOptions {
  readonly durability: Durability;
  readonly maxInFlight?: number;
}

/** Also all that the query role needs, for a process that is both. */
export interface CommandLog extends QueryLog {
  readonly appender: RequestAppender;
  readonly boards: Boards;
  readonly backlogs: Backlogs;
}

export interface ProjectorLogOptions extends RedisOptions, Retention {}

export interface ProjectorLog extends OpenLog {
  readonly partitionLog: PartitionLog;
}

export const openCommandLog = (options: CommandLogOptions): Promise<CommandLog> =>
  withConnections(options, async (connections) => {
    const { redis, ...queryLog } = await queryLogOn(connections, options);
    const producer = await connections.open('producer');
    return {
      ...queryLog,
      appender: newAppender({ ...options, redis: producer }),
      boards: newBoards({ redis }),
      backlogs: newBacklogs({ redis }),
    };
  });

export const openProjectorLog = (options: ProjectorLogOptions): Promise<ProjectorLog> =>
  withConnections(options, async (connections) => {
    const control = await connections.open('control');
    const { partitionLog, close } = newPartitionLog({
      ...options,
      control,
      openBlocking: (signal) => connect({ ...options, kind: 'blocking', signal }),
    });
    return {
      partitionLog,
      ...logOn(control, async () => {
        await Promise.all([close(), connections.closeAll()]);
      }),
    };
  });

const queryLogOn = async (connections: Connections, options: QueryLogOptions) => {
  const redis = await connections.open('control');
  const subscriber = await connections.open('subscriber');
  const { outcomes, waiting, stop } = newOutcomes({ ...options, redis: subscriber });
  const close = async (): Promise<void> => {
    stop();
    await connections.closeAll();
  };
  return { redis, tail: newLogTail(redis), outcomes, waiting, ...logOn(redis, close) };
};

const logOn = (control: Redis, close: () => Promise<void>): OpenLog => ({
  agreePartitions: (count) => agreePartitions(control, count),
  ping: async () => {
    await control.ping();
  },
  close,
});

interface Connections {
  open(kind: ConnectionKind): Promise<Redis>;
  closeAll(): Promise<void>;
}

/** When one connection cannot be made, those made before it are closed. */
const withConnections = async <Log>(
  options: RedisOptions,
  build: (connections: Connections) => Promise<Log>,
): Promise<Log> => {
  const open: Redis[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(open.map(closeConnection));
  };
  const openOne = async (kind: ConnectionKind): Promise<Redis> => {
    const redis = await connect({ ...options, kind });
    open.push(redis);
    return redis;
  };
  try {
    return await build({ open: openOne, closeAll });
  } catch (error) {
    await closeAll();
    throw error;
  }
};
