import type { CustomerTotals } from '../domain/customer.ts';
import type { ReservationId, ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Lease } from '../lease/contract.ts';
import type { Claim, Progress } from '../store/contract.ts';
import type { Decided } from './decide-entries.ts';
import type { ProjectorDependencies } from './dependencies.ts';
import type { Ahead } from './look-ahead.ts';
import type { Cache, Memory } from './memory.ts';
import type { Reading } from './reading.ts';
import type { Attempt } from './refusals.ts';

/** A partition while this process owns it. All of it is dropped when the ownership ends. */
export interface OwnedPartition extends ProjectorDependencies {
  readonly partition: number;
  readonly lease: Lease;
  readonly claim: Claim;
  /** As last committed. */
  progress: Progress;
  /** Whether group and database may disagree about what was read: the next read then starts from the watermark. */
  reset: boolean;
  /** What was read behind the last batch already. */
  ahead: Ahead | undefined;
  /** What was read and did not fit the last batch: it comes before any other read. */
  rest: Reading | undefined;
  /** How the next batch is tried. */
  attempt: Attempt;
  /** Committed, and still to be told, in that order: the latest, as a rule, while the one behind it is being committed. */
  readonly untold: Decided[];
  /** How many entries the next read asks for at most (read-size.ts). */
  readMax: number;
  /** How many holds lapse in the latest batch. */
  lapsing: number;
  /** What the two that follow are parts of. */
  readonly memory: Memory;
  /** Committed ledgers of the shows asked for most recently; a cache, complete at no time. */
  readonly ledgers: Cache<ShowId, ShowLedger>;
  /** Committed totals, by `totalsKey`, of the customers who asked most recently; a cache as well. */
  readonly customers: Cache<string, CustomerTotals>;
  /** No hold lapses before it; `undefined` while nobody has asked the database. */
  nextExpiryMs: number | undefined;
  /** Holds that are due and that the database refuses to let lapse. */
  readonly stuckHolds: Set<ReservationId>;
  /** Redis TIME of the last read, and when that was by the monotonic clock. */
  redisTime: { readonly nowMs: number; readonly atMs: number } | undefined;
  /** Whether every show of the partition is known to have its board. */
  boardsComplete: boolean;
  /** Until when all boards say that the partition was judged; 0 while no stream was ahead of Redis' clock. */
  boardsJudgedMs: number;
  /** Shows that have none because their rows cannot be read: while there are any, boards are not sealed. */
  boardless: number;
  /** Full shows whose boards are kept fresh, with the monotonic time of the last decision on them. */
  readonly fullShows: Map<ShowId, number>;
}

const recall = <Key, Value>(cache: ReadonlyMap<Key, Value>, keys: Iterable<Key>): Map<Key, Value> => {
  const found = new Map<Key, Value>();
  for (const key of keys) {
    const value = cache.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
};

interface Recalling<Key, Value> {
  /** Of what is not committed yet: newer than what is remembered or read. */
  readonly behind: ReadonlyMap<Key, Value>;
  /** Absent where nothing is remembered. */
  readonly cache?: Cache<Key, Value>;
  readonly read: (missing: readonly Key[]) => Promise<Iterable<readonly [Key, Value]>>;
}

/** Reads only what is not known. Recalls before it remembers: what is found may take the place of what is asked for. */
export const recallOrRead = async <Key, Value>(
  keys: ReadonlySet<Key>,
  { behind, cache, read }: Recalling<Key, Value>,
): Promise<ReadonlyMap<Key, Value>> => {
  const known = new Map([...(cache ? recall(cache, keys) : []), ...recall(behind, keys)]);
  const missing = [...keys].filter((key) => !known.has(key));
  if (missing.length === 0) return known;
  const found = [...(await read(missing))];
  cache?.remember(found);
  return new Map([...known, ...found]);
};
