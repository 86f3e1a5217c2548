/** A new epoch of a partition, as the partitions table showed it. Times by performance.now(). */
export interface ObservedClaim {
  readonly partition: number;
  readonly epoch: number;
  readonly seenAtMs: number;
  /** When the last batch of the former owner was seen; undefined if there was none. */
  readonly quietSinceMs: number | undefined;
  /** When its owner's first batch was seen; undefined while there was none. */
  readonly committedAtMs: number | undefined;
}

/** An owner that has gone. */
export interface OwnerLoss {
  /** How it went. */
  readonly how: string;
  readonly atMs: number;
  readonly partitions: readonly number[];
}

export interface TakeOver {
  readonly how: string;
  readonly partition: number;
  readonly epoch: number;
  /** From the loss of the owner to the first commit of the next one. */
  readonly tookMs: number;
}

/** The first claim of each lost partition that led to a commit after the loss. */
export const takeOversOf = (
  losses: readonly OwnerLoss[],
  claims: readonly ObservedClaim[],
): readonly TakeOver[] =>
  losses.flatMap(({ how, atMs, partitions }) =>
    partitions.flatMap((partition) => {
      const next = claims.find(
        (claim) =>
          claim.partition === partition && claim.seenAtMs > atMs && claim.committedAtMs !== undefined,
      );
      return next?.committedAtMs === undefined
        ? []
        : [{ how, partition, epoch: next.epoch, tookMs: Math.round(next.committedAtMs - atMs) }];
    }),
  );
