import type { JournalEntry } from '../../domain/decisions.ts';
import type { ParkedEntry } from '../contract.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import { reservationChangeElement, reservationElement } from '../rows/reservation-row.ts';
import { type FoldedReservations, foldReservations, type MadeReservation } from './fold-reservations.ts';
import { type Insertion, rowsOf } from './prepared-inserts.ts';
import { changeAll, type DecidedPart, elementsOf, insertInto, type NewElement } from './write-rows.ts';

export const insertReservations: Insertion<FoldedPart> = {
  sql: loadSql('write/insert-reservations'),
  knowingKey: 'PRIMARY',
  makesRoom: loadSql('write/delete-redriven-reservations'),
  elements: (part) => madeElements(part),
};
const insertReservationDecisions = { sql: loadSql('write/insert-reservation-decisions') };
const changeReservations = { sql: loadSql('write/change-reservations'), what: 'reservations' };
const insertHolds = { sql: loadSql('write/insert-holds') };
const extendHolds = { sql: loadSql('write/extend-holds'), what: 'holds' };
const deleteHolds = { sql: loadSql('write/delete-holds'), what: 'holds' };

/** Of a parked entry, what its reservation's row is made of. */
export type PendingEntry = Pick<ParkedEntry, 'streamId' | 'reservation'>;

/** What one partition has for the tables. */
export interface Part extends DecidedPart {
  readonly parked: readonly PendingEntry[];
}

type FoldedPart = Part & FoldedReservations;

export const foldedPart = (part: Part): FoldedPart => ({ ...part, ...foldReservations(part.entries) });

/** Rows of reservations and of their holds, and where their later decisions are found. */
export const writeReservations = async (session: Session, parts: readonly Part[]): Promise<void> => {
  const insert = insertInto(session);
  const change = changeAll(session);
  const folded = parts.map(foldedPart);
  await insert(insertReservations, rowsOf(insertReservations, folded));
  await change(changeReservations, elementsOf(folded, changedElements));
  await insert(
    insertReservationDecisions,
    elementsOf(folded, ({ entries }) => entries.flatMap(laterDecision)),
  );
  await insert(insertHolds, elementsOf(folded, newHolds));
  await change(extendHolds, elementsOf(folded, extendedHolds));
  await change(
    deleteHolds,
    elementsOf(folded, ({ unheld }) => [...unheld].map((id) => [hexOf(id)])),
  );
};

const madeElements = ({ made, parked }: FoldedPart): NewElement[] =>
  [...made, ...parked.flatMap(pendingReservation)].map(({ reservation, streamId }) =>
    reservationElement(reservation, streamId),
  );

const changedElements = ({ changed }: FoldedReservations): NewElement[] =>
  [...changed].map(([id, changes]) => reservationChangeElement(id, changes));

const pendingReservation = ({ reservation, streamId }: PendingEntry): readonly MadeReservation[] =>
  reservation ? [{ reservation, streamId }] : [];

const laterDecision = ({ decision, requestId, position }: JournalEntry): NewElement[] => {
  const id = 'reservationId' in decision ? decision.reservationId : undefined;
  return id === undefined || id === requestId ? [] : [[hexOf(id), position]];
};

const newHolds = ({ made }: FoldedReservations): NewElement[] =>
  made.flatMap(({ reservation: { id, status, expiresAtMs } }) =>
    status === 'held' && expiresAtMs !== undefined ? [[hexOf(id), expiresAtMs]] : [],
  );

const extendedHolds = ({ changed, unheld }: FoldedReservations): NewElement[] =>
  [...changed].flatMap(([id, { expiresAtMs }]) =>
    expiresAtMs !== undefined && !unheld.has(id) ? [[hexOf(id), expiresAtMs]] : [],
  );
