/**
 * The lease: the distributed lock on a partition. It only keeps projectors from wasting work. It can be lost at any
 * moment; safety comes from the epoch, claim and position that the store checks.
 *
 * Promises every implementation keeps (test/contract/lease.contract.ts):
 * - at most one token is current for a partition; it is random and never used again;
 * - `renew` and `release` do nothing for a token that is not the current one;
 * - a lease that is not renewed ends by itself `ttlMs` after the server last heard of it, and its holder's own
 *   `deadlineMs` passes no later than that.
 *
 * Methods throw while the server is away.
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
  /** Ends the lease at once and notifies the other projectors. */
  release(lease: Lease): Promise<void>;
  /** The partitions whose lease nobody holds. Those in `except` are not asked about: the caller knows of them. */
  free(except?: Pick<ReadonlySet<number>, 'has'>): Promise<readonly number[]>;
}

export interface Member {
  readonly id: string;
  /** How many partitions counted against its share at its last heartbeat: leases it held, and partitions in cooldown. */
  readonly held: number;
}

/** The projectors that compete. A member that is silent for `ttlMs` is no longer live. */
export interface Members {
  /** Announces this projector and returns all live members, this one included. */
  heartbeat(self: Member): Promise<readonly Member[]>;
  leave(id: string): Promise<void>;
  /** Calls back when a lease was released or a member left: time for a new round. Returns a function that ends this. */
  onChange(listener: () => void): () => void;
}

/** One partition being worked under a lease. */
export interface Work {
  /** Resolves when the work has ended, for whatever reason; the lease is then released. Never rejects. */
  readonly ended: Promise<WorkEnd>;
  /** Ends the work after the current step. */
  stop(): void;
  /** Monotonic time of the last finished step, or now when there is nothing to do. Without progress the lease is released. */
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
