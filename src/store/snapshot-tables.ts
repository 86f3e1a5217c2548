import { partitionOf, type ReservationId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Reservation } from '../domain/reservation.ts';
import { ledgersOf } from './ledger-row.ts';
import { beforeAllIds, bytesOf, hexOf } from './parameter.ts';
import { reservationOf } from './reservation-row.ts';
import { isNull, numberIn, type Row, reservationIdIn, textIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';

const findReservations = sentence('find-reservations');
const findHolds = sentence('find-holds');
const listLedgersOfPartition = sentence('list-ledgers-of-partition');
const countRows = sentence('count-rows');

const showsAtOnce = 500;

/** What a snapshot tells of the tables that are read, as opposed to the journal they are made from. */
export const tablesIn = (session: Session) => ({
  /** Rows, pending ones included. A row that cannot be read is a hand's work: as good as none. */
  reservations: async (ids: readonly ReservationId[]): Promise<ReadonlyMap<ReservationId, Reservation>> => {
    const asked = JSON.stringify(ids.map((id) => [hexOf(id), partitionOf(id)]));
    const rows = await session.rows(findReservations, [asked]);
    const found = rows.flatMap((row) => (isNull(row, 'id') ? [] : readable(row)));
    return new Map(found.map((reservation) => [reservation.id, reservation]));
  },

  /** When each of these live holds lapses. */
  holds: async (ids: readonly ReservationId[]): Promise<ReadonlyMap<ReservationId, number>> => {
    const rows = await session.rows(findHolds, [JSON.stringify(ids.map(hexOf))]);
    return new Map(
      rows.map((row) => [reservationIdIn(row, 'reservation_id'), numberIn(row, 'expires_at_ms')]),
    );
  },

  ledgers: async (partition: number): Promise<readonly ShowLedger[]> => {
    const ledgers: ShowLedger[] = [];
    for (;;) {
      const last = ledgers.at(-1);
      const from = last ? bytesOf(last.showId) : beforeAllIds;
      const values = [String(partition), from, String(showsAtOnce)];
      const page = ledgersOf(await session.rows(listLedgersOfPartition, values));
      ledgers.push(...page);
      if (page.length < showsAtOnce) return ledgers;
    }
  },

  counts: countsIn(session),
});

const readable = (row: Row): readonly Reservation[] => {
  try {
    return [reservationOf(row)];
  } catch {
    return [];
  }
};

type Counted = 'reservations' | 'holds' | 'laterDecisions';

/** Asked once for all partitions, when the first is asked for. */
const countsIn = (session: Session) => {
  let asked: Promise<readonly Row[]> | undefined;
  return async (partition: number): Promise<Readonly<Record<Counted, number>>> => {
    asked ??= session.rows(countRows);
    const rows = (await asked).filter((row) => numberIn(row, 'partition_id') === partition);
    const count = (what: Counted): number => {
      const row = rows.find((each) => textIn(each, 'what') === what);
      return row ? numberIn(row, 'row_count') : 0;
    };
    return {
      reservations: count('reservations'),
      holds: count('holds'),
      laterDecisions: count('laterDecisions'),
    };
  };
};
