import type { CustomerTotals } from '../domain/customer.ts';
import type { ReservationId, ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Lease } from '../lease/contract.ts';
import type { Claim, Progress } from '../store/contract.ts';
import type { DecidedBatch } from './decide/batch.ts';
import type { ProjectorDependencies } from './dependencies.ts';
import type { Cache, Memory } from './memory.ts';
import type { Lookahead, Reading } from './reading.ts';

/** How the next batch is tried; depends on what the database refused before. */
export interface Attempt {
  /** Limit of the judgements in it. */
  readonly max: number;
  /** How many times its single judgement was refused. */
  readonly refusals: number;
  /** Set when its single entry is to be parked, with the reason. */
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
  /** Entries that were read ahead, after the last batch. */
  ahead: Lookahead | undefined;
  /** Entries that were read and did not fit the last batch: they come before any other read. */
  rest: Reading | undefined;
  /** How the next batch is tried. */
  attempt: Attempt;
  /** The ledgers after each batch that was sent and has no definite verdict: it may be committed. At most `unsettledMax`. */
  readonly unsettled: DecidedBatch['ledgers'][];
  /** Resolves when all that is committed is published. Never rejects. */
  published: Promise<void>;
  /** Limit of the entries that the next read asks for (read-entries.ts). */
  readMax: number;
  /** Limit of the judgements in a batch of this turn: all partitions of a turn share one limit (turns.ts). */
  share: number;
  /** Whether there is a backlog: the partition is then worked beside the turns of the others. */
  isBehind: boolean;
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
  /** The server that all boards were written to last. */
  boardsServer: string | undefined;
  /** The judged time that all boards carry (ms); 0 while the stream was never ahead of Redis' clock. */
  boardsJudgedMs: number;
  /** Shows without a board because their rows cannot be read: while there are any, the set is not marked complete. */
  boardless: number;
  /** Full shows whose boards are kept fresh, with the monotonic time of the last decision on them. */
  readonly fullShows: Map<ShowId, number>;
}
