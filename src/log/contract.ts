import type { Board, FullPool } from '../domain/board.ts';
import type { RequestId, ShowId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { RequestEvent, RequestKey } from '../domain/requests.ts';
import type { ServerTime } from '../domain/server-time.ts';
import type { StreamId } from '../domain/stream-id.ts';

/**
 * The log: P streams, one a partition, that keep requests in the order they arrived.
 *
 * Promises every implementation keeps (test/contract/log.contract.ts):
 * - an append that says `appended` put exactly one entry there, durable as far as ONSALE_DURABILITY says;
 *   `refused` put none; `unknown` put none or one, never two;
 * - ids of one stream only rise, and reading returns entries in that order;
 * - reading, trimming, lifting and writing boards do nothing for a caller whose lease token is not the current one;
 * - reading moves the group's position; a read with `reset` starts again from the lower of the watermark and that
 *   position, so what was read and never committed is read again before anything newer;
 * - nothing above the watermark is ever trimmed;
 * - what the owner of a partition noted of its claim ends by itself soon after the owner did, and a claim made in
 *   another database is told from the next one in the same, whoever died in the middle of a take-over.
 *
 * Methods throw only when the server cannot be asked (unreachable, timed out, out of memory); the caller waits
 * and asks for a reset next time.
 */

export type AppendVerdict =
  | { readonly type: 'appended'; readonly streamId: StreamId }
  /** Certainly not on the stream: not connected, no primary any more, out of memory, too few replicas before the write. */
  | { readonly type: 'refused'; readonly why: string }
  /** The reply never came, or too few replicas acknowledged. It may be on the stream. */
  | { readonly type: 'unknown'; readonly why: string }
  /** Another request has the key that was to be claimed: nothing was appended. */
  | { readonly type: 'taken'; readonly owner: KeyOwner };

export interface RequestAppender {
  /** With `claiming` the request has this key from now on, and is appended only if no other has it. */
  append(partition: number, request: RequestEvent, claiming?: RequestKey): Promise<AppendVerdict>;
}

export interface ReadEntry {
  readonly streamId: StreamId;
  readonly content: EntryContent;
}

export type EntryContent =
  | { readonly type: 'request'; readonly request: RequestEvent }
  /** `requestId` where at least that much could be read. */
  | { readonly type: 'broken'; readonly why: string; readonly raw: Buffer; readonly requestId?: RequestId }
  /** Written by a newer version of onsale: not ours to judge. */
  | { readonly type: 'newer'; readonly version: number };

export type ReadVerdict =
  | {
      readonly type: 'read';
      readonly entries: readonly ReadEntry[];
      /** Redis TIME when the entries were read, ms since the epoch. */
      readonly nowMs: number;
      /** The group's position after this read: what the doorbell waits behind. */
      readonly lastDelivered: StreamId;
    }
  /** The connection is another one than at the last read: the server may have gone back. Nothing was read; reset. */
  | { readonly type: 'reconnected' }
  | { readonly type: 'lease-lost' };

export interface ReadRequest extends Owner {
  /** At most so many entries. */
  readonly count: number;
  /** The last stream id whose decision is committed, or is being committed while this is read. */
  readonly watermark: StreamId;
  /**
   * True whenever the caller cannot be sure that group and database agree: at take-over, after any error, lost
   * reply, failed batch or reconnect. False promises that all entries read before are committed; or are being
   * committed, none of them late, and are read again with a reset should that fail.
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
  /** Where the batch ended whose outcomes these are; absent where boards are written anew and no batch is told. */
  readonly position?: number;
}

/** What the owner of a partition does to its stream. */
export interface PartitionLog {
  read(request: ReadRequest): Promise<ReadVerdict>;
  /** Resolves when something newer than `after` is there, or after `timeoutMs`, or when aborted. Changes nothing. */
  waitForEntries(request: {
    readonly partition: number;
    readonly after: StreamId;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<void>;
  /**
   * Makes the stream and its group where missing, and raises the last generated id to the watermark, so that a
   * stream that was rolled back gives no new entry an id below it, nor one from before what was judged. `lifted` tells that
   * it had gone back: boards may be missing, and the next read must reset.
   */
  lift(request: LiftRequest): Promise<'current' | 'lifted' | 'lease-lost'>;
  /** Drops entries older than the retention and at or below the watermark. */
  trim(request: PartitionTask): Promise<void>;
  /** Tells waiters, then rewrites boards if the lease is the caller's. */
  publish(request: PublishRequest): Promise<void>;
  /**
   * Whether the claim that the database has until now is the one that the last owner noted, or nobody stands there; then
   * the next is noted as well. `another`: a copy of the database, or one that was restored. Asked while the row is held.
   */
  compareClaim(comparison: ClaimComparison): Promise<'same' | 'another' | 'lease-lost'>;
  /** The claim was found standing in the owner's database, with this call of the roll beside it. */
  noteClaim(note: ClaimNote): Promise<void>;
  /** Every show of the partition has its board now: only from here on may the door call a show unknown. */
  markBoardsComplete(request: Owner): Promise<void>;
  /** Before a show is opened: a missing board means nothing until the next seal. Needs no lease: it takes a promise back. */
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

/** Owners at work, as a projector sees them that has not joined yet: by the last call of the roll they found. Throws while away. */
export interface LiveClaims {
  liveClaims(partitions: number): Promise<readonly { readonly partition: number; readonly roll?: string }[]>;
}

/** By its lease. */
export type Owner = { readonly partition: number; readonly leaseToken: string };

export interface PartitionTask extends Owner {
  readonly watermark: StreamId;
}

export interface LiftRequest extends PartitionTask {
  /** The latest moment anything of the partition was judged at (ms). */
  readonly judgedMs: number;
  /** Entries an owner may have read and not committed: in a stream that went back, so many are read again. */
  readonly inFlightMax: number;
}

export type BoardView =
  | {
      readonly type: 'board';
      readonly board: Board;
      readonly full: readonly FullPool[];
      /** The clock of the server that keeps the board, which is the one that makes the ids of the stream. Absent = not told. */
      readonly time?: ServerTime;
    }
  /** All boards of the partition are there and this is not one of them. */
  | { readonly type: 'unknown-show' }
  /** Nothing certain is known; the request must go to the stream. */
  | { readonly type: 'no-board' };

export interface Boards {
  /** At most half a second old, with the server's time of then. Never throws: a door that cannot see lets everything through. */
  view(showId: ShowId): Promise<BoardView>;
}

/** Shuts doors ahead of a queue. */
export interface ClosingNotices {
  /**
   * Shows the board as closed from now on, while the request to close it waits for its turn: for as long as the board
   * has the revision that the request was made for, two minutes at the most. Throws when the server cannot be asked.
   */
  announceClosing(closing: ClosingNotice): Promise<void>;
  /** The closing was refused, or never reached the stream. */
  withdrawClosing(closing: ClosingNotice): Promise<void>;
}

export interface ClosingNotice {
  readonly showId: ShowId;
  readonly revision: number;
}

export interface Backlog {
  /** Entries on the stream that no projector has read yet. */
  readonly entries: number;
  /** At the rate of the last 10 s; `undefined` while nothing is being decided. */
  readonly waitSeconds: number | undefined;
  /** Share of Redis' maxmemory in use, 0..1; 0 where no maxmemory is set. */
  readonly memoryUsed: number;
}

export interface Backlogs {
  /** At most a second old, sampled only for partitions that are asked about. Never throws. */
  of(partition: number): Backlog;
}

export interface LogTail {
  /** The stream's last generated id, asked of Redis now: a cached one would let GET say 404 after a 202. */
  lastId(partition: number): Promise<StreamId>;
  /** Whether entries may be undecided that a watermark has passed, as after a fail-over; one question with `lastId`. */
  mayHoldLate(partition: number): Promise<boolean>;
}

export interface Outcomes {
  /**
   * The outcome of `id` as soon as it is published; before giving up after `timeoutMs`, and after a reconnect, the
   * tables are asked once. `undefined` when the time ran out, the process stops or `maxWaiters` are waiting already.
   * Start waiting *before* the append, or the outcome may pass unseen.
   */
  wait(id: RequestId, options: { readonly timeoutMs: number }): OutcomeWait;
}

export interface OutcomeWatch {
  /**
   * Calls back for every outcome of `id` until stopped; what was published before is not told, nor anything older
   * than what was told already. After a reconnect the tables are asked for what may have been missed.
   */
  watch(id: RequestId, listener: (outcome: Outcome) => void): WatchVerdict;
}

export type WatchVerdict =
  /** `ready` resolves when nothing published from then on is missed; look into the tables after it. */
  | { readonly type: 'watching'; readonly ready: Promise<void>; stop(): void }
  /** As many watch as this process may serve. */
  | { readonly type: 'full' };

/** Which request a client's key belongs to, remembered for a quarter of an hour; the tables remember it for a day. */
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
  /** Ends the wait early, when the append it was made for did not happen. */
  cancel(): void;
}
