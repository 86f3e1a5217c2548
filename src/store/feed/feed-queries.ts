import { and, desc, eq, gt, lte } from 'drizzle-orm';
import { newFilteredQuery, newQuery, plainNumber } from '../database/queries.ts';
import { journalColumns } from '../rows/journal-row.ts';
import { journal, partitions } from '../schema.ts';
import { identityColumns } from './decision-digest.ts';

export const listBounds = newFilteredQuery({}, { partition: partitions.id }, (db, { partition }) =>
  db
    .select({ partition: partitions.id, position: partitions.position })
    .from(partitions)
    .where(partition && eq(partitions.id, partition))
    .orderBy(partitions.id),
);

export const findLast = newQuery(
  { partition: journal.partitionId, upTo: journal.position },
  (db, { partition, upTo }) =>
    db
      .select(identityColumns)
      .from(journal)
      .where(and(eq(journal.partitionId, partition), lte(journal.position, upTo)))
      .orderBy(desc(journal.position))
      .limit(1),
);

export const listDecisions = newFilteredQuery(
  {
    partition: journal.partitionId,
    after: journal.position,
    upTo: journal.position,
    limit: plainNumber,
  },
  { show: journal.showId },
  (db, { partition, after, upTo, limit, show }) =>
    db
      .select(journalColumns)
      .from(journal)
      .where(
        and(
          eq(journal.partitionId, partition),
          gt(journal.position, after),
          lte(journal.position, upTo),
          show && eq(journal.showId, show),
        ),
      )
      .orderBy(journal.position)
      .limit(limit),
);

/** The position of the last row that a filtered page may look at; no row when fewer follow. */
export const findWindowEnd = newQuery(
  { partition: journal.partitionId, after: journal.position, skipped: plainNumber },
  (db, { partition, after, skipped }) =>
    db
      .select({ position: journal.position })
      .from(journal)
      .where(and(eq(journal.partitionId, partition), gt(journal.position, after)))
      .orderBy(journal.position)
      .limit(1)
      .offset(skipped),
);
