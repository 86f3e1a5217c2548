import { and, count, eq, isNull, lte, notExists, or, sql } from 'drizzle-orm';
import type { Progress } from '../contract.ts';
import { readable } from '../database/column-types.ts';
import { newQuery, type SelectBuilder } from '../database/queries.ts';
import type { Session } from '../database/session.ts';
import { progressColumns, progressFrom } from '../rows/partition-state.ts';
import { holds, journal, parked, partitions, reservations } from '../schema.ts';

export interface PartitionStanding extends Progress {
  readonly partition: number;
  readonly epoch: number;
  /**
   * The owner that claimed the partition last, and the time by that owner's clock; absent before the first
   * claim.
   */
  readonly owner?: string;
  readonly claimedAtMs?: number;
  /** The number of parked entries that wait to be sent again. */
  readonly parked: number;
  /** The number of due holds whose reservation is missing or not held: they never lapse. */
  readonly stuckHolds: number;
}

/**
 * Counts the parked entries of a partition that have no decision and were neither sent again nor dismissed.
 */
const waitingIn = (db: SelectBuilder) => {
  const { position } = journal;
  const decision = db.select({ position }).from(journal).where(eq(journal.requestId, parked.requestId));
  return db
    .select({ entries: count() })
    .from(parked)
    .where(
      and(
        eq(parked.partitionId, partitions.id),
        or(isNull(parked.redrivenAs), eq(parked.redrivenAs, 'sending')),
        isNull(parked.dismissedAtMs),
        notExists(decision),
      ),
    );
};

/** Counts the due holds of a partition whose reservation is missing or not held. */
const stuckIn = (db: SelectBuilder) => {
  const isHeld = and(
    eq(reservations.id, holds.reservationId),
    eq(reservations.status, 'held'),
    eq(reservations.expiresAtMs, holds.expiresAtMs),
    sql`JSON_VALID(${reservations.lines})`,
  );
  return db
    .select({ holds: count() })
    .from(holds, { forceIndex: 'holds_due' })
    .leftJoin(reservations, isHeld)
    .where(
      and(
        eq(holds.partitionId, partitions.id),
        lte(holds.expiresAtMs, sql`1000 * UNIX_TIMESTAMP()`),
        isNull(reservations.id),
      ),
    );
};

const listPartitions = newQuery({}, (db) =>
  db
    .select({
      partition: partitions.id,
      epoch: partitions.epoch,
      owner: partitions.owner,
      claimedAtMs: partitions.claimedAtMs,
      ...progressColumns,
      parked: sql`${waitingIn(db)}`.mapWith(Number),
      stuckHolds: sql`${stuckIn(db)}`.mapWith(Number),
    })
    .from(partitions)
    .orderBy(partitions.id),
);

export const readPartitions = async (session: Session): Promise<readonly PartitionStanding[]> =>
  (await listPartitions.rows(session, {})).map(readable).map((row) => ({
    partition: row.partition,
    epoch: row.epoch,
    ...(row.owner !== null && { owner: row.owner }),
    ...(row.claimedAtMs !== null && { claimedAtMs: row.claimedAtMs }),
    ...progressFrom(row),
    parked: row.parked,
    stuckHolds: row.stuckHolds,
  }));
