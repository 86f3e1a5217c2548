import type { JournalEntry } from '../../domain/decisions.ts';
import type { ParkedEntry } from '../contract.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import { reservationChangeValues, reservationValues } from '../rows/reservation-row.ts';
import { type FoldedReservations, foldReservations, type MadeReservation } from './fold-reservations.ts';
import { type Insertion, rowsOf } from './prepared-inserts.ts';
import {
  changeAll,
  insertInto,
  type NewRowValues,
  type PartitionDecisions,
  rowValuesOf,
} from './write-rows.ts';

export const insertReservations: Insertion<FoldedRows> = {
  sql: loadSql('write/insert-reservations'),
  duplicateKey: 'PRIMARY',
  clearConflicting: loadSql('write/delete-redriven-reservations'),
  values: (part) => madeValues(part),
};
const insertReservationDecisions = { sql: loadSql('write/insert-reservation-decisions') };
const changeReservations = { sql: loadSql('write/change-reservations'), what: 'reservations' };
const insertHolds = { sql: loadSql('write/insert-holds') };
const extendHolds = { sql: loadSql('write/extend-holds'), what: 'holds' };
const deleteHolds = { sql: loadSql('write/delete-holds'), what: 'holds' };

/** The parts of a parked entry that its reservation's row is made of. */
export type PendingEntry = Pick<ParkedEntry, 'streamId' | 'reservation'>;

/** What one partition writes to the read tables. */
export interface PartitionRows extends PartitionDecisions {
  readonly parked: readonly PendingEntry[];
}

type FoldedRows = PartitionRows & FoldedReservations;

export const foldRows = (part: PartitionRows): FoldedRows => ({ ...part, ...foldReservations(part.entries) });

/** Writes the rows of reservations and of their holds, and the positions of their later decisions. */
export const writeReservations = async (session: Session, parts: readonly PartitionRows[]): Promise<void> => {
  const insert = insertInto(session);
  const change = changeAll(session);
  const folded = parts.map(foldRows);
  await insert(insertReservations, rowsOf(insertReservations, folded));
  await change(changeReservations, rowValuesOf(folded, changedValues));
  await insert(
    insertReservationDecisions,
    rowValuesOf(folded, ({ entries }) => entries.flatMap(laterDecision)),
  );
  await insert(insertHolds, rowValuesOf(folded, newHolds));
  await change(extendHolds, rowValuesOf(folded, extendedHolds));
  await change(
    deleteHolds,
    rowValuesOf(folded, ({ unheld }) => [...unheld].map((id) => [hexOf(id)])),
  );
};

const madeValues = ({ made, parked }: FoldedRows): NewRowValues[] =>
  [...made, ...parked.flatMap(pendingReservation)].map(({ reservation, streamId }) =>
    reservationValues(reservation, streamId),
  );

const changedValues = ({ changed }: FoldedReservations): NewRowValues[] =>
  [...changed].map(([id, changes]) => reservationChangeValues(id, changes));

const pendingReservation = ({ reservation, streamId }: PendingEntry): readonly MadeReservation[] =>
  reservation ? [{ reservation, streamId }] : [];

const laterDecision = ({ decision, requestId, position }: JournalEntry): NewRowValues[] => {
  const id = 'reservationId' in decision ? decision.reservationId : undefined;
  return id === undefined || id === requestId ? [] : [[hexOf(id), position]];
};

const newHolds = ({ made }: FoldedReservations): NewRowValues[] =>
  made.flatMap(({ reservation: { id, status, expiresAtMs } }) =>
    status === 'held' && expiresAtMs !== undefined ? [[hexOf(id), expiresAtMs]] : [],
  );

const extendedHolds = ({ changed, unheld }: FoldedReservations): NewRowValues[] =>
  [...changed].flatMap(([id, { expiresAtMs }]) =>
    expiresAtMs !== undefined && !unheld.has(id) ? [[hexOf(id), expiresAtMs]] : [],
  );
