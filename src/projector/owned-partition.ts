import type { CustomerTotals } from '../domain/customer.ts';
import type { ReservationId, ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Lease } from '../lease/contract.ts';
import type { Claim, Progress } from '../store/contract.ts';
import type { Settlement } from './decide/batch.ts';
import type { ProjectorDependencies } from './dependencies.ts';
import type { Cache, Memory } from './memory.ts';
import type { Lookahead, Reading } from './reading.ts';

/** How the next batch is tried, by what the database refused of the ones before. */
export interface Attempt {
  /** Judgements in it, at most. */
  readonly max: number;
  /** How often its one judgement was refused. */
  readonly refusals: number;
  /** Why its one entry is to be parked, if it is. */
  readonly refusedBecause?: string;
}

/** A partition while this process owns it. All of it is dropped when the ownership ends. */
export interface OwnedPartition extends ProjectorDependencies {
  readonly partition: number;
  readonly lease: Lease;
  readonly claim: Claim;
  /** As last committed. */
  progress: Progress;
  /** Whether group and database may disagree about what was read: the next read then starts from the watermark. */
  reset: boolean;
  /** What was read after the last batch already. */
  ahead: Lookahead | undefined;
  /** What was read and did not fit the last batch: it comes before any other read. */
  rest: Reading | undefined;
  /** How the next batch is tried. */
  attempt: Attempt;
  /** Committed and not published yet, in order: as a rule the latest batch, published while the next one is committed. */
  readonly unpublished: Settlement[];
  /** How many entries the next read asks for at most (read-entries.ts). */
  readMax: number;
  /** How many holds lapse in the latest batch. */
  lapsing: number;
  /** The budget that the two caches below share. */
  readonly memory: Memory;
  /** Committed ledgers of the shows used most recently; a cache, never complete. */
  readonly ledgers: Cache<ShowId, ShowLedger>;
  /** Committed totals, by `totalsKey`, of the customers used most recently; a cache as well. */
  readonly customers: Cache<string, CustomerTotals>;
  /** No hold lapses before it; `undefined` until it is read from the database. */
  nextExpiryMs: number | undefined;
  /** Holds that are due and that the database refuses to let lapse. */
  readonly stuckHolds: Set<ReservationId>;
  /** Redis TIME of the last read, and when that was by the monotonic clock. */
  redisTime: { readonly nowMs: number; readonly atMs: number } | undefined;
  /** Whether every show of the partition is known to have its board. */
  boardsComplete: boolean;
  /** Until when all boards say that the partition was judged; 0 while no stream was ahead of Redis' clock. */
  boardsJudgedMs: number;
  /** Shows without a board because their rows cannot be read: while there are any, the set is not marked complete. */
  boardless: number;
  /** Full shows whose boards are kept fresh, with the monotonic time of the last decision on them. */
  readonly fullShows: Map<ShowId, number>;
}
