import { Buffer } from 'node:buffer';
import { and, count, eq, isNull, max, min, or, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/mysql-core';
import { beforeAll, type StreamId } from '../../domain/stream-id.ts';
import { readable } from '../database/column-types.ts';
import { readAs } from '../database/columns.ts';
import { halvesOf } from '../database/parameters.ts';
import {
  flag,
  newFilteredQuery,
  newQuery,
  plainNumber,
  plainText,
  type SelectBuilder,
} from '../database/queries.ts';
import type { Session } from '../database/session.ts';
import {
  decisionColumns,
  type ParkedKey,
  type ParkedRecord,
  type ParkedState,
  parkedColumns,
  parkedRecordOf,
  parseParkedState,
} from '../rows/parked-record.ts';
import { journal, parked } from '../schema.ts';

export interface ParkedFilter {
  readonly partition?: number;
  /** A part of the reason's text. */
  readonly reason?: string;
}

export interface ParkedPage extends ParkedFilter {
  /** Only entries that an operator has to send again: neither sent nor decided. */
  readonly waiting: boolean;
  /** Dismissed entries as well. */
  readonly dismissed?: boolean;
  readonly after?: ParkedKey;
  readonly limit: number;
  /** The maximum number of bytes to read of each entry. */
  readonly bytesMax: number;
}

export interface ParkedGroup {
  readonly reason: string;
  readonly state: ParkedState;
  readonly entries: number;
  readonly oldestMs: number;
  readonly newestMs: number;
}

const readState = readAs(parseParkedState);
const again = alias(parked, 'again');

/** The state of a parked entry, which also depends on the decision on its request. */
const parkedState = sql`CASE
  WHEN ${journal.position} IS NOT NULL THEN 'decided'
  WHEN ${parked.dismissedAtMs} IS NOT NULL THEN 'dismissed'
  WHEN ${parked.redrivenAs} IS NULL THEN 'waiting'
  WHEN ${parked.redrivenAs} = 'sending' THEN 'sending'
  WHEN EXISTS (
    SELECT 1 FROM ${parked} AS ${again}
    WHERE ${again.requestId} = ${parked.requestId}
      AND CONCAT(${again.streamMs}, '-', ${again.streamSeq}) = ${parked.redrivenAs}
  ) THEN 'parked-again'
  ELSE 'sent'
END`.mapWith((value: unknown) => readState('state', value));

const entriesWith = (db: SelectBuilder, raw: SQL) =>
  db
    .select({
      ...parkedColumns,
      ...decisionColumns,
      raw: raw.mapWith(parked.raw),
      bytes: sql`OCTET_LENGTH(${parked.raw})`.mapWith(Number),
      state: parkedState,
    })
    .from(parked)
    .leftJoin(journal, eq(journal.requestId, parked.requestId));

/** By partition, oldest first, after the given entry. */
export const listParked = newFilteredQuery(
  {
    bytes: plainNumber,
    fromPartition: parked.partitionId,
    ms: parked.streamMs,
    seq: parked.streamSeq,
    sha256: parked.sha256,
    limit: plainNumber,
  },
  { partition: parked.partitionId, reason: plainText, waiting: flag, undismissed: flag },
  (db, { bytes, fromPartition, ms, seq, sha256, limit, ...filters }) => {
    const { partitionId, streamMs, streamSeq, redrivenAs, dismissedAtMs } = parked;
    const from = [fromPartition, ms, seq].map((each) => sql`CAST(${each} AS UNSIGNED)`);
    const isBehind = sql`(${partitionId}, ${streamMs}, ${streamSeq}, ${parked.sha256})
      > (${sql.join(from, sql`, `)}, ${sha256})`;
    const waits = and(isNull(journal.position), or(isNull(redrivenAs), eq(redrivenAs, 'sending')));
    return entriesWith(db, sql`SUBSTRING(${parked.raw}, 1, ${bytes})`)
      .where(
        and(
          isBehind,
          ...isWanted(filters),
          filters.waiting && waits,
          filters.undismissed && isNull(dismissedAtMs),
        ),
      )
      .orderBy(partitionId, streamMs, streamSeq, parked.sha256)
      .limit(limit);
  },
);

const isWanted = ({
  partition,
  reason,
}: {
  readonly partition?: Placeholder;
  readonly reason?: Placeholder;
}) => [
  partition && eq(parked.partitionId, partition),
  reason && sql`LOCATE(${reason}, ${parked.reason}) > 0`,
];

/** The entry that is parked with this stream id; two if Redis gave the id out twice. */
const listParkedAt = newQuery(
  { partition: parked.partitionId, ms: parked.streamMs, seq: parked.streamSeq },
  (db, { partition, ms, seq }) =>
    entriesWith(db, sql`${parked.raw}`)
      .where(and(eq(parked.partitionId, partition), eq(parked.streamMs, ms), eq(parked.streamSeq, seq)))
      .orderBy(parked.parkedAtMs),
);

const anyId = sql.raw("'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'");

/**
 * Ids in the reasons are masked: otherwise a request whose id is in its reason would be a group of its own.
 */
const groupParked = newFilteredQuery(
  {},
  { partition: parked.partitionId, reason: plainText },
  (db, filters) => {
    const entries = db
      .select({
        reason: sql<string>`REGEXP_REPLACE(${parked.reason}, ${anyId}, '(id)')`.as('reason'),
        state: parkedState.as('state'),
        parkedAtMs: parked.parkedAtMs,
      })
      .from(parked)
      .leftJoin(journal, eq(journal.requestId, parked.requestId))
      .where(and(...isWanted(filters)))
      .as('entries');
    const { reason, state, parkedAtMs } = entries;
    const oldestMs = min(parkedAtMs);
    return db
      .select({ reason, state, entries: count(), oldestMs, newestMs: max(parkedAtMs) })
      .from(entries)
      .groupBy(reason, state)
      .orderBy(oldestMs, reason, state)
      .limit(1_000);
  },
);

/** By partition, oldest first. */
export const readParked = async (session: Session, page: ParkedPage): Promise<readonly ParkedRecord[]> => {
  const { after, waiting, dismissed = false, limit, bytesMax } = page;
  const [ms, seq] = halvesOf(after?.streamId ?? beforeAll);
  const rows = await listParked.rows(session, {
    bytes: bytesMax,
    fromPartition: after?.partition ?? 0,
    ms,
    seq,
    sha256: after?.sha256 ?? Buffer.alloc(0),
    limit,
    ...filterOf(page),
    ...(waiting && { waiting }),
    ...(!dismissed && { undismissed: true }),
  });
  return rows.map(parkedRecordOf);
};

/** All entries that are parked with this stream id, with all of their bytes. */
export const readParkedAt = async (
  session: Session,
  { partition, streamId }: { readonly partition: number; readonly streamId: StreamId },
): Promise<readonly ParkedRecord[]> => {
  const [ms, seq] = halvesOf(streamId);
  return (await listParkedAt.rows(session, { partition, ms, seq })).map(parkedRecordOf);
};

export const readParkedGroups = async (
  session: Session,
  filter: ParkedFilter,
): Promise<readonly ParkedGroup[]> => {
  const rows = (await groupParked.rows(session, filterOf(filter))).map(readable);
  return rows.map(({ oldestMs, newestMs, ...group }) => ({
    ...group,
    oldestMs: oldestMs ?? 0,
    newestMs: newestMs ?? 0,
  }));
};

const filterOf = ({ partition, reason }: ParkedFilter): ParkedFilter => ({
  ...(partition !== undefined && { partition }),
  ...(reason !== undefined && { reason }),
});
