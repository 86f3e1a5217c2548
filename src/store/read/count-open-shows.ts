import { and, count, eq, sql } from 'drizzle-orm';
import { readable } from '../database/column-types.ts';
import { newQuery, plainNumber } from '../database/queries.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Sessions } from '../database/session-pool.ts';
import { partitions, shows } from '../schema.ts';

/**
 * The shows whose sale has not ended and was not closed by hand. JSON_VALUE returns a true as 1 (MariaDB) or
 * as true (MySQL).
 */
export const listOpenShows = newQuery({ nowMs: plainNumber }, (db, { nowMs }) => {
  const closesAt = sql`CAST(JSON_VALUE(${shows.rules}, '$.closesAtMs') AS UNSIGNED)`;
  const isOpen = and(
    eq(shows.partitionId, partitions.id),
    sql`COALESCE(${closesAt} > CAST(${nowMs} AS UNSIGNED), TRUE)`,
    sql`NOT COALESCE(JSON_VALUE(${shows.rules}, '$.closed') IN ('1', 'true'), FALSE)`,
  );
  return db
    .select({ partition: partitions.id, open: count(shows.id) })
    .from(partitions)
    .leftJoin(shows, isOpen)
    .groupBy(partitions.id)
    .orderBy(partitions.id);
});

/**
 * The number of open shows by partition, used to choose the partition of a new show. Every partition has an
 * entry. A wrong `nowMs` only makes the balance worse.
 */
export const countOpenShows = async (
  sessions: Sessions,
  nowMs: number,
): Promise<ReadonlyMap<number, number>> => {
  const rows = await readWithRetry(sessions, (session) => listOpenShows.rows(session, { nowMs }));
  return new Map(rows.map(readable).map(({ partition, open }) => [partition, open]));
};
