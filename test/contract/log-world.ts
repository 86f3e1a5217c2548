import type { Outcome } from '../../src/domain/outcome.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import type { StreamId } from '../../src/domain/stream-id.ts';
import type {
  Boards,
  ClosingNotices,
  LiveClaims,
  LogTail,
  Outcomes,
  OutcomeWatch,
  PartitionLog,
  RequestAppender,
  RequestKeys,
} from '../../src/log/contract.ts';
import type { DecisionSignals } from '../../src/log/signals-contract.ts';

/** An empty log, and ways for a test to act on its server directly. */
export interface LogWorld extends LiveClaims {
  readonly appender: RequestAppender;
  /** Keeps decided entries for 50 ms only, so that a trim has something to remove. */
  readonly log: PartitionLog;
  /** Reads for the same owners without the knowledge of `log`: a read whose answer was lost or came late. */
  readonly unheardRead: PartitionLog['read'];
  readonly boards: Boards & ClosingNotices;
  readonly tail: LogTail;
  /** Accepts at most 3 waiters and 3 watchers. */
  readonly outcomes: Outcomes & OutcomeWatch;
  readonly signals: DecisionSignals;
  readonly requestKeys: RequestKeys;
  /** Breaks every connection of the listening side and lets it reconnect. */
  reconnect(): Promise<void>;
  /** Sets what the tables answer to a waiter's lookup; at first there is nothing in them. */
  tables(look: (id: string) => Promise<Outcome | undefined>): void;
  setLease(partition: number, token: string): Promise<void>;
  /** All entries on the stream. */
  idsOf(partition: number): Promise<readonly StreamId[]>;
  /** Appends with this id, which must be above the last one. */
  appendAt(partition: number, id: StreamId, request: RequestEvent): Promise<void>;
  appendRaw(partition: number, fields: readonly string[]): Promise<StreamId>;
  /** A fail-over to a server that has nothing after `id`: entries, position and last id go back. */
  goBack(partition: number, id: StreamId): Promise<void>;
  dropGroup(partition: number): Promise<void>;
  /** The server loses everything of the partition except its lease. */
  loseAll(partition: number): Promise<void>;
  /** Whether the condition becomes true within a short time. */
  until(condition: () => boolean | Promise<boolean>): Promise<boolean>;
  close(): Promise<void>;
}

export type LogTest = (promise: string, body: (world: LogWorld) => Promise<void>) => void;

export const token = 'owner:1';
export const partition = 3;

/** Appends them in order, one at a time. */
export const appendAll = async (
  { appender }: LogWorld,
  requests: readonly RequestEvent[],
): Promise<readonly StreamId[]> => {
  const ids: StreamId[] = [];
  for (const request of requests) {
    const verdict = await appender.append(partition, request);
    if (verdict.type !== 'appended') throw new Error(JSON.stringify(verdict));
    ids.push(verdict.streamId);
  }
  return ids;
};
