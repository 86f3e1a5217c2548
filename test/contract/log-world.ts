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

/** A log with nothing on it, and what a test may do to its server behind its back. */
export interface LogWorld extends LiveClaims {
  readonly appender: RequestAppender;
  /** Made to keep decided entries for 50 ms, so that a trim has something to drop. */
  readonly log: PartitionLog;
  /** Reads for the same owners without `log` knowing: a read whose answer never came, or that came late. */
  readonly unheardRead: PartitionLog['read'];
  readonly boards: Boards & ClosingNotices;
  readonly tail: LogTail;
  /** Takes at most 3 waiters and 3 watchers. */
  readonly outcomes: Outcomes & OutcomeWatch;
  readonly requestKeys: RequestKeys;
  /** Every connection of the listening side is lost and made again. */
  reconnect(): Promise<void>;
  /** What the tables answer when a waiter looks into them; nothing at first. */
  tables(look: (id: string) => Promise<Outcome | undefined>): void;
  setLease(partition: number, token: string): Promise<void>;
  /** All that stands on the stream. */
  idsOf(partition: number): Promise<readonly StreamId[]>;
  /** Appends with an id of the test's choice, above the last one. */
  appendAt(partition: number, id: StreamId, request: RequestEvent): Promise<void>;
  appendRaw(partition: number, fields: readonly string[]): Promise<StreamId>;
  /** A fail-over to a server that knew nothing after `id`: entries, position and last id go back. */
  goBack(partition: number, id: StreamId): Promise<void>;
  dropGroup(partition: number): Promise<void>;
  /** The server lost everything of the partition but its lease. */
  loseAll(partition: number): Promise<void>;
  /** Whether the condition came true before long. */
  until(condition: () => boolean | Promise<boolean>): Promise<boolean>;
  close(): Promise<void>;
}

export type LogTest = (promise: string, body: (world: LogWorld) => Promise<void>) => void;

export const token = 'owner:1';
export const partition = 3;

/** Appends one after the other. */
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
