/**
 * The lease: the distributed lock on a partition. It keeps projectors from wasting work and nothing more: it can be
 * lost at any moment, and safety comes from the epoch, claim and position that the store checks.
 *
 * Promises every implementation keeps (test/contract/lease.contract.ts):
 * - at most one token is current for a partition; it is random and never used again;
 * - `renew` and `release` do nothing for a token that is not the current one;
 * - a lease that is not renewed ends by itself `ttlMs` after the server last heard of it, and its holder's own
 *   `deadlineMs` passes no later than that.
 *
 * Methods throw when the server cannot be asked.
 */
export interface Lease {
  readonly partition: number;
  readonly token: string;
}

export interface Leases {
  /** `deadlineMs` is monotonic: counted from before the request was sent. `undefined` when another holds it. */
  acquire(partition: number): Promise<{ readonly lease: Lease; readonly deadlineMs: number } | undefined>;
  /** The new deadline, or `undefined` when the lease is no longer ours. */
  renew(lease: Lease): Promise<number | undefined>;
  /** Ends it at once and wakes the others. */
  release(lease: Lease): Promise<void>;
  /** Which partitions nobody holds. */
  free(): Promise<readonly number[]>;
}

export interface Member {
  readonly id: string;
  /** How much of its share it used at its last heartbeat: leases it held, and partitions that cool down. */
  readonly held: number;
}

/** Who competes. A member that is silent for `ttlMs` is no longer live. */
export interface Members {
  /** Tells the others of us and returns all that are live, us included. */
  heartbeat(self: Member): Promise<readonly Member[]>;
  leave(id: string): Promise<void>;
  /** Calls back when a lease was released or a member left: a moment to look again. Returns how to stop. */
  onChange(listener: () => void): () => void;
}

/** One partition being worked under a lease. */
export interface Work {
  /** Settles when the work has ended, for whatever reason; the lease is then given back. Never rejects. */
  readonly ended: Promise<WorkEnd>;
  /** Ends after the step in hand. */
  stop(): void;
  /** Monotonic time of the last finished step, or now when there is no work: renewal is earned by it. */
  lastProgressMs(): number;
}

export type WorkEnd =
  /** Asked to stop, or the lease went to another: compete again. */
  | 'left'
  /** Another projector claimed the partition in MySQL. */
  | 'fenced'
  /** Work that this process cannot do (an entry of a newer version): compete for others, let this one cool down. */
  | 'unable'
  /** The partition is worked from another database: a copy of ours, or the one ours is a copy of. */
  | 'elsewhere';

/** Starts working a partition. `lease` stays valid only while `isHeld()` is true. */
export type PartitionWorker = (lease: Lease, isHeld: () => boolean) => Work;
