import type { CustomerTotals } from '../domain/customer.ts';
import type { JournalEntry } from '../domain/decisions.ts';
import type { CustomerId, RequestId, ReservationId, ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { RequestKey } from '../domain/requests.ts';
import type { Reservation, ReservationStatus } from '../domain/reservation.ts';
import type { StreamId } from '../domain/stream-id.ts';

/**
 * The store: MySQL, where decisions become facts. The commit is the acknowledgement.
 *
 * Promises every implementation keeps (test/contract/store.contract.ts):
 * - a batch is committed whole or not at all, and at most once: its first statement matches epoch, claim and position;
 * - after `claim` returns, no batch of an earlier claim can commit, and all that did are visible;
 * - a request id has at most one decision, in any partition, for ever; one that is parked has none, and is a duplicate
 *   when it comes again, until it is sent again on purpose (open-repair-store.ts);
 * - a request key is the first request's that was committed with it, for 24 hours;
 * - a pool never holds more than its capacity, whatever the caller computed;
 * - the outcome of a commit whose reply was lost is found by reading the position again; it is never repeated blindly;
 * - an owner's reads are answered by the server on which its claim was made, or throw ClaimElsewhere. The database may move to
 *   another server while old connections stay, and then ledgers, customers' totals and known requests differ between the two.
 *   An owner's batches are committed or fenced. A commit on another server could not oversell either: that server compares
 *   claim and position, so it has every batch of this claim up to the one that was decided on, and no other. What was read on
 *   the claim's server is then the same on both. A read has no position to compare, so it names its claim.
 *
 * Methods that read throw when the database cannot be asked; `commit` answers with a verdict.
 * A row that cannot be read (a word of a newer build during an upgrade, an edit by hand) affects no other row: it is
 * returned as a value, by key and with the reason. All other rows are returned as if it did not exist.
 */

/** The rows of a lookup, by key. A key that is neither here nor in `unreadable` does not exist. */
export interface Lookup<Key extends string, Value> extends ReadonlyMap<Key, Value> {
  /** The reason for each row that exists and cannot be read, in one line that names the row. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** The right to commit for a partition: superseded as soon as another claim is made. */
export interface Claim {
  readonly partition: number;
  /** Raised by every claim; may repeat after MySQL was restored, which is why there is a token too. */
  readonly epoch: number;
  /** 128 random bits in hex. */
  readonly token: string;
  /** The database server it was made on, as the process that made it knows it. Compared, and stored nowhere. */
  readonly server: string;
}

/** The database is another server than the one a claim was made on, or may be: drop all state and claim again. */
export class ClaimElsewhere extends Error {}

/** How far a partition is decided. Each batch updates it in its own transaction. */
export interface Progress {
  /** The last decision number given out. */
  readonly position: number;
  /** The last stream id whose decision is committed. */
  readonly watermark: StreamId;
  /** The latest time that decisions used as *now* (ms). */
  readonly clockMs: number;
  /** The latest moment anything was judged at (ms): never earlier than the watermark's time, and never goes back. */
  readonly judgedMs: number;
}

/** An entry that cannot be decided, set aside. */
export interface ParkedEntry {
  readonly streamId: StreamId;
  readonly requestId?: RequestId;
  /** Known when the entry was a readable ReservationRequested: it keeps a row that stays pending. */
  readonly reservation?: Reservation;
  /** The entry as it was in the stream, cut to 64 KiB by the store, which also keeps a hash of all of it. */
  readonly raw: Buffer;
  readonly why: string;
  readonly parkedAtMs: number;
  readonly attempts: number;
}

export interface Batch {
  readonly claim: Claim;
  readonly before: Progress;
  readonly after: Progress;
  /** In the order of their positions. */
  readonly entries: readonly JournalEntry[];
  readonly parked: readonly ParkedEntry[];
}

export type CommitVerdict =
  | { readonly type: 'committed' }
  /** Another claim was made, or the position is not the expected one: drop all state and leave. */
  | { readonly type: 'fenced' }
  /** A request id or a request key of the batch is known already (errno 1062). Nothing was applied. */
  | { readonly type: 'duplicate' }
  /** The data itself was refused (SQLSTATE class 22 or 23, a CHECK among them). Nothing was applied. */
  | { readonly type: 'refused'; readonly error: Error }
  /** Connection, deadlock, disk full…: nothing was applied, and another try may succeed. */
  | { readonly type: 'retry'; readonly error: Error };

/** Whether the partition is worked in this database. Asked while its row is locked; anything but `same` undoes the claim. */
type ClaimComparison = 'same' | 'another' | 'lease-lost';
export type CompareClaim = (before: string | undefined, next: Claim) => Promise<ClaimComparison>;

export type ClaimVerdict =
  | { readonly type: 'claimed'; readonly claim: Claim; readonly progress: Progress }
  | { readonly type: Exclude<ClaimComparison, 'same'> };

/** What the projector needs. A read that names a claim is answered by the claim's server only; the others by any server. */
export interface PartitionStore {
  claim(partition: number, owner: string, compare: CompareClaim): Promise<ClaimVerdict>;
  /**
   * The last word of the roll call while a batch of this claim and position could be committed; undefined after another claim,
   * on another server or in a restored database. An owner that has nothing to commit would not notice otherwise.
   */
  stands(claim: Claim, position: number): Promise<{ readonly roll?: string } | undefined>;
  /** Ledgers of the shows that exist, as committed. A rule that this build does not know makes one unreadable. */
  ledgers(showIds: readonly ShowId[], claim?: Claim): Promise<Lookup<ShowId, ShowLedger>>;
  /** All shows of a partition, for its boards, in pages by id. */
  ledgersOfPartition(
    partition: number,
    page: { readonly after?: ShowId; readonly limit: number },
    claim?: Claim,
  ): Promise<LedgerPage>;
  /** The decisions on these requests, or that they are parked; absent = neither yet. */
  known(requestIds: readonly RequestId[], claim?: Claim): Promise<ReadonlyMap<RequestId, KnownRequest>>;
  /** Which request each key belongs to, by its hash; absent = free. */
  keys(hashes: readonly string[], claim?: Claim): Promise<Lookup<string, KnownKey>>;
  /** Reservations as committed; absent = none. */
  reservations(ids: readonly ReservationId[], claim?: Claim): Promise<Lookup<ReservationId, Reservation>>;
  /** The places that customers have in shows, by `totalsKey`; every pair has an answer, unless a row that counts cannot be read. */
  customerTotals(pairs: readonly CustomerOfShow[], claim?: Claim): Promise<Lookup<string, CustomerTotals>>;
  /** Holds of the partition that lapse at or before `untilMs`, by expiry and then by the bytes of their ids. */
  dueHolds(partition: number, due: DueHoldsQuery, claim?: Claim): Promise<DueHolds>;
  /** The time when the partition's next hold lapses, stuck ones left out; of those after `after`, if given. */
  nextExpiryMs(partition: number, after?: HoldKey, claim?: Claim): Promise<number | undefined>;
  /**
   * Deletes request keys older than 24 hours, by the time decisions are made at, the oldest first and at most `limit`; resolves
   * to how many. Any owner may call it at any time: a key that old is free whether or not it is still there.
   */
  purgeKeys(limit: number): Promise<number>;
  /** Does a part of the commit's work ahead of time; the batch need not be committed later. Throws where the commit would. */
  prepare(batch: Pick<Batch, 'entries' | 'parked'> & { readonly partition: number }): void;
  commit(batch: Batch): Promise<CommitVerdict>;
  /** The same for batches of different partitions, in one transaction where possible: one verdict a batch, in their order. */
  commitTogether(batches: readonly Batch[]): readonly Promise<CommitVerdict>[];
}

export interface LedgerPage {
  /** All shows of the page, by id, unreadable ones included. */
  readonly showIds: readonly ShowId[];
  readonly ledgers: Lookup<ShowId, ShowLedger>;
  /** The last id of the page, if more may follow. */
  readonly next?: ShowId;
}

/** The sort key of a hold: holds are due in this order. */
export interface HoldKey {
  readonly expiresAtMs: number;
  /** The id of its reservation, compared by bytes. In a row that was edited by hand it may not be a valid id. */
  readonly id: string;
}

export interface DueHoldsQuery {
  readonly untilMs: number;
  /** Rows read for one page. */
  readonly limit: number;
  /** The page begins after this one. */
  readonly after?: HoldKey;
}

/** At least one hold, unless none is due that can lapse: pages full of stuck ones are passed over. */
export interface DueHolds {
  /** At most `limit`. */
  readonly holds: readonly Reservation[];
  /** Holds of the pages read that can never lapse. The first thousand, in the same order. */
  readonly stuck: readonly StuckHold[];
  /** The last row that was read, where more may be due after it; absent when these are all. */
  readonly next?: HoldKey;
}

/** A hold that is due in the table of holds, while its reservation is missing, unreadable or says otherwise. */
export interface StuckHold extends HoldKey {
  readonly why: string;
}

/**
 * The outcome that its sender gets, with reservation and show in their present state. An unreadable request is certainly
 * a duplicate, but its outcome is not known.
 */
export type KnownRequest =
  | Outcome
  | { readonly type: 'parked' }
  | { readonly type: 'unreadable'; readonly why: string };

export type KnownKey = { readonly requestId: RequestId; readonly fingerprint: RequestKey['fingerprint'] };

export type CustomerOfShow = { readonly showId: ShowId; readonly customerId: CustomerId };

/** What the query API needs. */
export interface Reader {
  /** Row and watermark from one statement, so from one snapshot. Neither reservation nor unreadable = no row. */
  reservation(id: ReservationId): Promise<{
    readonly reservation?: Reservation;
    /** Why the row exists but cannot be read. */
    readonly unreadable?: string;
    readonly watermark: StreamId;
  }>;
  /** Neither = no such show. A rule of a newer build is left out. */
  show(id: ShowId): Promise<{ readonly show?: ShowLedger; readonly unreadable?: string }>;
  /** Newest first. A rule of a newer build is left out. */
  shows(page: {
    readonly after?: ShowId;
    readonly limit: number;
  }): Promise<readonly ListRow<ShowId, ShowLedger>[]>;
  /** Those of a customer or a show, newest first. A page reads a bounded number of rows, so it may be short or empty. */
  reservations(query: ReservationQuery): Promise<ReservationPage>;
  history(id: ReservationId): Promise<readonly HistoryItem[]>;
}

/** A row of a list: its value, or why it cannot be read. The next page begins after it in both cases. */
export type ListRow<Id, Value> =
  | { readonly id: Id; readonly value: Value }
  | { readonly id: Id; readonly unreadable: string };

export interface ReservationPage {
  readonly rows: readonly ListRow<ReservationId, Reservation>[];
  /** The `after` of the next page; undefined when this is the last. */
  readonly next?: ReservationId;
}

export interface ReservationQuery {
  /** At least one of the two. */
  readonly customerId?: CustomerId;
  readonly showId?: ShowId;
  readonly status?: ReservationStatus;
  readonly reference?: string;
  /** The last id of the page before. */
  readonly after?: ReservationId;
  readonly limit: number;
}

export type HistoryItem =
  | { readonly type: 'decision'; readonly entry: JournalEntry }
  | ({ readonly type: 'parked' } & Pick<ParkedEntry, 'streamId' | 'why' | 'parkedAtMs'>)
  /** A decision that this build cannot read, with the columns that it can. */
  | {
      readonly type: 'unreadable';
      readonly decision: string;
      readonly position: number;
      readonly streamId?: StreamId;
      readonly decidedAtMs: number;
      readonly why: string;
    };
