import { count, sql } from 'drizzle-orm';
import type { ReservationId, ShowId } from '../../domain/ids.ts';
import type { ShowLedger } from '../../domain/ledger.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { Lookup } from '../contract.ts';
import { readableValue } from '../database/column-types.ts';
import { numberIn, reservationIdIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import { newQuery } from '../database/queries.ts';
import type { Session } from '../database/session.ts';
import { ledgersOfPartitionIn } from '../read/read-ledgers.ts';
import { reservationsIn } from '../read/read-reservations.ts';
import { holds, reservationDecisions, reservations } from '../schema.ts';
import type { Faults } from './faults.ts';

const findHolds = loadSql('snapshot/find-holds');

const showsAtOnce = 500;

/**
 * The reads of a snapshot that concern the read tables, as opposed to the journal that they are made from.
 */
export const tablesIn = (session: Session, faults: Faults) => ({
  /** Reservations, pending ones included. Rows that cannot be read are left out and recorded as faults. */
  reservations: async (ids: readonly ReservationId[]): Promise<ReadonlyMap<ReservationId, Reservation>> =>
    noting(faults, await reservationsIn(session, ids)),

  /** The time (ms) when each of these holds lapses, for those that are live. */
  holds: async (ids: readonly ReservationId[]): Promise<ReadonlyMap<ReservationId, number>> => {
    const rows = await session.rows(findHolds, [JSON.stringify(ids.map(hexOf))]);
    return new Map(
      rows.map((row) => [reservationIdIn(row, 'reservation_id'), numberIn(row, 'expires_at_ms')]),
    );
  },

  ledgers: async (partition: number): Promise<readonly ShowLedger[]> => {
    const ledgers: ShowLedger[] = [];
    let after: ShowId | undefined;
    do {
      const page = await ledgersOfPartitionIn(session, partition, {
        limit: showsAtOnce,
        ...(after && { after }),
      });
      ledgers.push(...noting(faults, page.ledgers).values());
      after = page.next;
    } while (after);
    return ledgers;
  },

  counts: countsIn(session),
});

const noting = <Key extends string, Value>(faults: Faults, found: Lookup<Key, Value>): Lookup<Key, Value> => {
  for (const [id, why] of found.unreadable) faults.set(id, why);
  return found;
};

/** Counts all partitions at once, because two of these tables have no index by partition. */
const countRows = newQuery({}, (db) => {
  const counted = (what: CountName, table: CountedTable) =>
    db
      .select({ what: sql<CountName>`${sql.raw(`'${what}'`)}`, partition: table.partitionId, rows: count() })
      .from(table)
      .groupBy(table.partitionId);
  return counted('reservations', reservations).unionAll(
    counted('holds', holds).unionAll(counted('laterDecisions', reservationDecisions)),
  );
});

type CountedTable = typeof reservations | typeof holds | typeof reservationDecisions;
type CountName = 'reservations' | 'holds' | 'laterDecisions';

/** The statement runs once for all partitions, when the first count is requested. */
const countsIn = (session: Session) => {
  let asked: ReturnType<typeof countRows.rows> | undefined;
  return async (partition: number): Promise<Readonly<Record<CountName, number>>> => {
    asked ??= countRows.rows(session, {});
    const rows = (await asked).filter((row) => readableValue(row.partition) === partition);
    const countOf = (what: CountName): number => rows.find((row) => row.what === what)?.rows ?? 0;
    return {
      reservations: countOf('reservations'),
      holds: countOf('holds'),
      laterDecisions: countOf('laterDecisions'),
    };
  };
};
