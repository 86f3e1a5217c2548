import type { Board, FullPool } from '../domain/board.ts';
import type { RequestId, ShowId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { RequestEvent, RequestKey } from '../domain/requests.ts';
import type { ServerTime } from '../domain/server-time.ts';
import type { StreamId } from '../domain/stream-id.ts';

/**
 * The log: one stream for each partition. It keeps requests in the order of their arrival.
 *
 * Promises every implementation keeps (test/contract/log.contract.ts):
 * - an append that resolves to `appended` has added exactly one entry, as durable as ONSALE_DURABILITY says;
 *   `refused` has added none; `unknown` has added none or one, never two;
 * - ids of one stream only rise, and reading returns entries in that order;
 * - reading, trimming, lifting and writing boards do nothing for a caller whose lease token is not the current one;
 * - reading moves the group's position; a read with `reset` starts again from the lower of the watermark and that
 *   position, so what was read and never committed is read again before anything newer;
 * - nothing above the watermark is ever trimmed;
 * - an owner's note of its claim expires soon after the owner is gone; a claim made in another database is distinguished
 *   from the next claim in the same one, even after an owner died in the middle of a take-over.
 *
 * Methods throw only when the server cannot carry out the command; the caller waits, and reads with `reset` next time.
 */

export type AppendVerdict =
  | { readonly type: 'appended'; readonly streamId: StreamId }
  /** Certainly not on the stream: not connected, demoted, out of memory, or too few replicas before. */
  | { readonly type: 'refused'; readonly why: string }
  /** The reply never came, or too few replicas acknowledged. It may be on the stream. */
  | { readonly type: 'unknown'; readonly why: string }
  /** The key belongs to another request: nothing was appended. */
  | { readonly type: 'taken'; readonly owner: KeyOwner };

export interface RequestAppender {
  /** With `claiming`, the request claims this key, and is appended only if no other request has it. */
  append(partition: number, request: RequestEvent, claiming?: RequestKey): Promise<AppendVerdict>;
}

export interface ReadEntry {
  readonly streamId: StreamId;
  readonly content: EntryContent;
}

export type EntryContent =
  | { readonly type: 'request'; readonly request: RequestEvent }
  /** `requestId` is present when at least the id could be read. */
  | { readonly type: 'broken'; readonly why: string; readonly raw: Buffer; readonly requestId?: RequestId }
  /** Written by a newer version of onsale, which this version must not judge. */
  | { readonly type: 'newer'; readonly version: number };

export type ReadVerdict =
  | {
      readonly type: 'read';
      readonly entries: readonly ReadEntry[];
      /** Redis TIME when the entries were read, ms since the epoch. */
      readonly nowMs: number;
      /** The group's position after this read; `waitForEntries` waits for entries after it. */
      readonly lastDelivered: StreamId;
    }
  /** Reconnected since the last read: the server may have gone back. Nothing was read; reset. */
  | { readonly type: 'reconnected' }
  | { readonly type: 'lease-lost' };

export interface ReadRequest extends Owner {
  /** The most entries to read. */
  readonly count: number;
  /** The last stream id whose decision is committed, or is being committed during this read. */
  readonly watermark: StreamId;
  /**
   * True whenever the caller cannot be sure that group and database agree: at take-over, and after any error, lost
   * reply, failed batch or reconnect. False promises that all entries read before are committed; or that they are being
   * committed, that none of them is late, and that the caller resets if that commit fails.
   */
  readonly reset: boolean;
}

export interface BoardUpdate {
  readonly board: Board;
  readonly full: readonly FullPool[];
}

export interface PublishRequest extends Owner {
  readonly outcomes: readonly Outcome[];
  readonly boards: readonly BoardUpdate[];
  /** The position after the batch of these outcomes; absent when only boards are written. */
  readonly position?: number;
}

/** What the owner of a partition does to its stream. */
export interface PartitionLog {
  read(request: ReadRequest): Promise<ReadVerdict>;
  /** Resolves when an entry follows `after`, or after `timeoutMs`, or when aborted. Changes nothing. */
  waitForEntries(request: {
    readonly partition: number;
    readonly after: StreamId;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<void>;
  /**
   * Makes the stream and its group if they are missing, and raises the last generated id to the watermark. So a stream that
   * was rolled back gives no new entry an id below the watermark, or from before the time judged last. `lifted` means that
   * the stream had gone back: boards may be missing, and the next read must reset.
   */
  lift(request: LiftRequest): Promise<'current' | 'lifted' | 'lease-lost'>;
  /** Drops entries older than the retention and at or below the watermark. */
  trim(request: PartitionTask): Promise<void>;
  /** Publishes the outcomes to waiters, then writes the boards if the lease is the caller's. */
  publish(request: PublishRequest): Promise<void>;
  /**
   * `same` when the database's present claim is the one that the last owner noted, or when there is no note; then the next
   * claim is noted as well. `another`: the database is a copy, or was restored. Called while the claim's row is locked.
   */
  compareClaim(comparison: ClaimComparison): Promise<'same' | 'another' | 'lease-lost'>;
  /** Notes that the claim is still valid in the owner's database, and the last roll-call word there. */
  noteClaim(note: ClaimNote): Promise<void>;
  /** Names the server that takes the partition's boards; undefined without a connection. Sends nothing. */
  boardsServer(partition: number): string | undefined;
  /** States, for seconds and for this server, that every show has its board: only then may the door call a show unknown. */
  markBoardsComplete(request: Owner): Promise<void>;
  /** Called before a show opens: a missing board means nothing from then on. Needs no lease, as it only withdraws a promise. */
  markBoardsIncomplete(request: { readonly partition: number }): Promise<void>;
}

export interface ClaimComparison extends Owner {
  readonly before?: string | undefined;
  readonly next: ClaimRef;
}

export interface ClaimNote extends Owner {
  readonly claim: ClaimRef;
  readonly roll?: string | undefined;
}

type ClaimRef = { readonly epoch: number; readonly token: string };

/** Owners and the last word of each, for a projector that has not joined. Throws while Redis is away. */
export interface LiveClaims {
  liveClaims(partitions: number): Promise<readonly { readonly partition: number; readonly roll?: string }[]>;
}

/** The owner of a partition, by its lease. */
export type Owner = { readonly partition: number; readonly leaseToken: string };

export interface PartitionTask extends Owner {
  readonly watermark: StreamId;
}

export interface LiftRequest extends PartitionTask {
  /** The latest time at which anything of the partition was decided (ms). */
  readonly judgedMs: number;
  /** Limit of the entries that an owner may have read and not committed: a stream that went back is re-read by as many. */
  readonly inFlightMax: number;
}

export type BoardView =
  | {
      readonly type: 'board';
      readonly board: Board;
      readonly full: readonly FullPool[];
      /** The clock of the server that keeps the board and makes the ids of the stream. Absent when the server does not tell. */
      readonly time?: ServerTime;
    }
  /** All boards of the partition exist, and the show has none. */
  | { readonly type: 'unknown-show' }
  /** Nothing is known for certain; the request must go to the stream. */
  | { readonly type: 'no-board' };

export interface Boards {
  /** At most 0.5 s old, with the server's time then; 10 s while it is silent. Never throws: without a board the door lets all pass. */
  view(showId: ShowId): Promise<BoardView>;
}

/** Closes a show at the door at once, before its request to close has passed the queue. */
export interface ClosingNotices {
  /**
   * The door treats the show as closed while the request to close it waits in the stream: as long as the board has the
   * revision that the request was made for, and for two minutes at most. Throws while the server is away.
   */
  announceClosing(closing: ClosingNotice): Promise<void>;
  /** Called when the closing was refused, or never reached the stream. */
  withdrawClosing(closing: ClosingNotice): Promise<void>;
}

export interface ClosingNotice {
  readonly showId: ShowId;
  readonly revision: number;
}

export interface Backlog {
  /** Entries on the stream that no projector has read yet. */
  readonly entries: number;
  /** At the rate of the last 10 s; undefined while nothing is being decided. */
  readonly waitSeconds: number | undefined;
  /** Share of Redis' maxmemory in use, 0..1; 0 where no maxmemory is set. */
  readonly memoryUsed: number;
}

export interface Backlogs {
  /** At most a second old, sampled only for partitions that are asked about. Never throws. */
  of(partition: number): Backlog;
}

export interface LogTail {
  /** The stream's last generated id, read from Redis now: with a cached one, GET could answer 404 after a 202. */
  lastId(partition: number): Promise<StreamId>;
  /** Whether entries at or below the watermark may be undecided, as after a fail-over. Shares the round trip of `lastId`. */
  mayHoldLate(partition: number): Promise<boolean>;
}

export interface Outcomes {
  /**
   * The outcome of `id` as soon as it is published. The tables are read once before the end of `timeoutMs`, and after a
   * reconnect. Undefined when the time ran out, the process stops or `maxWaiters` are waiting already.
   * Start waiting *before* the append, or the outcome may be missed.
   */
  wait(id: RequestId, options: { readonly timeoutMs: number }): OutcomeWait;
}

export interface OutcomeWatch {
  /**
   * Calls back for every outcome of `id` until stopped. Outcomes published before, and any older than the last one
   * delivered, are left out. After a reconnect the tables are read for outcomes that may have been missed.
   */
  watch(id: RequestId, listener: (outcome: Outcome) => void): WatchVerdict;
}

export type WatchVerdict =
  /** From the moment `ready` resolves, no outcome is missed; read the tables after it. */
  | { readonly type: 'watching'; readonly ready: Promise<void>; stop(): void }
  /** The process serves its maximum of watchers already. */
  | { readonly type: 'full' };

/** Which request a client's key belongs to: kept for a quarter of an hour here, and for a day in the tables. */
export interface RequestKeys {
  /** The request that has the key: this one, unless another had it before. One round trip. Throws when unreachable. */
  claim(key: RequestKey, requestId: RequestId): Promise<KeyOwner>;
  /** The request that has the key, if any. Throws when unreachable. */
  owner(key: RequestKey): Promise<KeyOwner | undefined>;
}

export interface KeyOwner {
  readonly requestId: RequestId;
  readonly fingerprint: RequestKey['fingerprint'];
}

export interface OutcomeWait {
  readonly outcome: Promise<Outcome | undefined>;
  /** Ends the wait early, when its request was not appended. */
  cancel(): void;
}
