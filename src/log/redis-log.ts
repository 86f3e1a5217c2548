import type { Redis } from 'ioredis';
import type { Logger } from '../domain/ports.ts';
import { type Durability, newAppender } from './append.ts';
import { newBacklogs } from './backlogs.ts';
import { newBoards } from './boards.ts';
import { type ConnectionKind, closeConnection, connect } from './connect.ts';
import type {
  Backlogs,
  Boards,
  Closings,
  LogTail,
  Outcomes,
  OutcomeWatch,
  PartitionLog,
  RequestAppender,
  RequestKeys,
} from './contract.ts';
import type { Look } from './looks.ts';
import { newOutcomes } from './outcomes.ts';
import { newPartitionLog } from './partition-log.ts';
import { newRequestKeys } from './request-keys.ts';
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
  /** Open commands are rejected, waits end without an outcome, watches end. */
  close(): Promise<void>;
}

export interface ApiLogOptions extends RedisOptions {
  readonly durability: Durability;
  readonly look: Look;
  readonly maxInFlight?: number;
  readonly maxWaiters?: number;
  readonly maxWatchers?: number;
}

/** What commands and queries need. */
export interface ApiLog extends OpenLog {
  readonly appender: RequestAppender;
  readonly requestKeys: RequestKeys;
  readonly boards: Boards & Closings;
  readonly backlogs: Backlogs;
  readonly tail: LogTail;
  readonly outcomes: Outcomes & OutcomeWatch;
  /** How many wait for an outcome now, and how many watch. */
  readonly waiting: () => number;
  readonly watching: () => number;
}

export interface ProjectorLogOptions extends RedisOptions, Retention {}

export interface ProjectorLog extends OpenLog {
  readonly partitionLog: PartitionLog;
}

export const openApiLog = (options: ApiLogOptions): Promise<ApiLog> =>
  withConnections(options, async (connections) => {
    const control = await connections.open('control');
    const subscriber = await connections.open('subscriber');
    const producer = await connections.open('producer');
    const { stop, ...listening } = newOutcomes({ ...options, redis: subscriber });
    return {
      appender: newAppender({ ...options, redis: producer }),
      requestKeys: newRequestKeys(control),
      boards: newBoards({ redis: control }),
      backlogs: newBacklogs({ redis: control }),
      tail: newLogTail(control),
      ...listening,
      ...logOn(control, async () => {
        stop();
        await connections.closeAll();
      }),
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
