import type { ServerTime } from '../domain/server-time.ts';
import { type Durability, newAppender } from './append/append.ts';
import { claimFirst } from './append/claim-first.ts';
import { newRequestKeys } from './append/request-keys.ts';
import { openNodes } from './cluster/open-nodes.ts';
import type { RedisNodes, RedisOptions } from './connection/nodes.ts';
import { isReady } from './connection/readiness.ts';
import { apiScripts, projectorScripts } from './connection/scripts-of-roles.ts';
import { serverTimes } from './connection/server-times.ts';
import type {
  Backlogs,
  Boards,
  ClosingNotices,
  LiveClaims,
  LogTail,
  Outcomes,
  OutcomeWatch,
  PartitionLog,
  RequestAppender,
  RequestKeys,
} from './contract.ts';
import { newBacklogs } from './door/backlogs.ts';
import { newBoards } from './door/boards.ts';
import { keysOf } from './keys.ts';
import { newDecisionSignals } from './outcomes/decision-signals.ts';
import type { OutcomeLookup } from './outcomes/lookups.ts';
import { newOutcomes } from './outcomes/outcomes.ts';
import { newSubscriptions } from './outcomes/subscriptions.ts';
import { newLogTail } from './outcomes/tail.ts';
import { type ClaimNoteOptions, newLiveClaims } from './partition/claim-notes.ts';
import { makeStreams, type StreamsVerdict } from './partition/make-streams.ts';
import { newPartitionLog } from './partition/partition-log.ts';
import type { Retention } from './partition/trim.ts';
import { agreePartitions } from './settings.ts';
import type { DecisionSignals } from './signals-contract.ts';

/** The part of the log that every role has. */
export interface OpenLog {
  /** Throws an error that says what to do when the number of partitions does not fit the stored one. */
  agreePartitions(count: number): Promise<void>;
  /** Makes missing streams and groups of partitions in which nothing was ever decided. Never rejects. */
  makeStreams(partitions: readonly number[]): Promise<StreamsVerdict>;
  /** Throws while Redis does not answer. */
  ping(): Promise<void>;
  /** The clocks of all servers that take writes and answer. Never throws. */
  serverTimes(): Promise<readonly ServerTime[]>;
  /**
   * Closes the connections: commands without a reply are rejected, waits end without an outcome, watches end.
   */
  close(): Promise<void>;
}

export interface ApiLogOptions extends RedisOptions {
  readonly durability: Durability;
  readonly lookUp: OutcomeLookup;
  readonly maxInFlight?: number;
  readonly maxWaiters?: number;
  readonly maxWatchers?: number;
  /** Ends all waits when it is aborted. */
  readonly stopping?: AbortSignal;
}

/** The part of the log that commands and queries need. */
export interface ApiLog extends OpenLog {
  readonly appender: RequestAppender;
  readonly requestKeys: RequestKeys;
  readonly boards: Boards & ClosingNotices;
  readonly backlogs: Backlogs;
  readonly tail: LogTail;
  readonly outcomes: Outcomes & OutcomeWatch;
  readonly signals: DecisionSignals;
  /** Whether a request for any partition could be sent right now. Sends nothing. */
  readonly canAppend: (partitions: number) => boolean;
  /** How many clients wait for an outcome now, and how many watch. */
  readonly waiting: () => number;
  readonly watching: () => number;
  /** How many read the journal as it grows. */
  readonly following: () => number;
}

export interface ProjectorLogOptions extends RedisOptions, Retention, ClaimNoteOptions {}

export interface ProjectorLog extends OpenLog, LiveClaims {
  readonly partitionLog: PartitionLog;
}

export const openApiLog = (options: ApiLogOptions): Promise<ApiLog> =>
  withNodes({ scripts: apiScripts, ...options }, async (nodes) => {
    const { control } = nodes;
    const producer = await nodes.openProducer();
    const subscriber = await nodes.openSubscriber();
    const { stop, ...listening } = newOutcomes({ ...options, redis: subscriber });
    const deciding = newDecisionSignals((each) =>
      newSubscriptions({ ...each, redis: subscriber, channelOf: (partition) => keysOf(partition).decided }),
    );
    const appender = newAppender({ ...options, nodeOf: producer });
    const requestKeys = newRequestKeys(control);
    return {
      canAppend: (partitions) =>
        [...Array(partitions).keys()].some((each) => isReady(producer(keysOf(each).requests))),
      appender: nodes.isOne ? appender : claimFirst(appender, requestKeys),
      requestKeys,
      boards: newBoards({ nodeOf: control, isOneServer: nodes.isOne }),
      backlogs: newBacklogs({ nodeOf: control }),
      tail: newLogTail(control),
      ...listening,
      signals: deciding.signals,
      following: deciding.following,
      ...logOn(nodes, async () => {
        stop();
        deciding.stop();
        await nodes.close();
      }),
    };
  });

export const openProjectorLog = (options: ProjectorLogOptions): Promise<ProjectorLog> =>
  withNodes({ scripts: projectorScripts, ...options }, async (nodes) => {
    const { partitionLog, close } = newPartitionLog({ ...options, nodes });
    return {
      partitionLog,
      liveClaims: newLiveClaims(nodes.control),
      ...logOn(nodes, async () => {
        await Promise.all([close(), nodes.close()]);
      }),
    };
  });

const logOn = (nodes: RedisNodes, close: () => Promise<void>): OpenLog => ({
  agreePartitions: (count) => agreePartitions(nodes.control, count),
  makeStreams: (partitions) => makeStreams(nodes.control, partitions),
  ping: nodes.ping,
  serverTimes: () => serverTimes(nodes),
  close,
});

/** Closes the connections again when `build` fails. */
const withNodes = async <Log>(
  options: RedisOptions,
  build: (nodes: RedisNodes) => Promise<Log>,
): Promise<Log> => {
  const nodes = await openNodes(options);
  try {
    return await build(nodes);
  } catch (error) {
    await nodes.close();
    throw error;
  }
};
