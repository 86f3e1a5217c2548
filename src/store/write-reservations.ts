import type { JournalEntry } from '../domain/decisions.ts';
import type { ParkedEntry } from './contract.ts';
import { type FoldedReservations, foldReservations, type MadeReservation } from './fold-reservations.ts';
import { hexOf } from './parameter.ts';
import {
  fullReservationElement,
  isPlain,
  reservationChangeElement,
  reservationElement,
} from './reservation-row.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';
import { changeAll, type DecidedPart, type Element, elementsOf, insertInto } from './write-rows.ts';

const knowing = { knowingKey: 'PRIMARY', makesRoom: sentence('delete-redriven-reservations') };
const insertReservations = { sql: sentence('insert-reservations'), ...knowing };
const insertFullReservations = { sql: sentence('insert-full-reservations'), ...knowing };
const insertReservationDecisions = { sql: sentence('insert-reservation-decisions') };
const changeReservations = { sql: sentence('change-reservations'), what: 'reservations' };
const insertHolds = { sql: sentence('insert-holds') };
const extendHolds = { sql: sentence('extend-holds'), what: 'holds' };
const deleteHolds = { sql: sentence('delete-holds'), what: 'holds' };

/** Of a parked entry, what its reservation's row is made of. */
export type PendingEntry = Pick<ParkedEntry, 'streamId' | 'reservation'>;

/** What one partition has for the tables. */
export interface Part extends DecidedPart {
  readonly parked: readonly PendingEntry[];
}

/** Rows of reservations and of their holds, and where their later decisions are found. */
export const writeReservations = async (session: Session, parts: readonly Part[]): Promise<void> => {
  const insert = insertInto(session);
  const change = changeAll(session);
  const folded = parts.map((part) => ({ ...part, ...foldReservations(part.entries) }));
  await insert(insertReservations, elementsOf(folded, plainElements));
  await insert(insertFullReservations, elementsOf(folded, fullElements));
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

const plainElements = ({ made, parked }: FoldedReservations & Part): readonly Element[] => {
  const plain = made.filter(({ reservation }) => isPlain(reservation));
  return [...plain, ...parked.flatMap(pendingReservation)].map(plainElement);
};

const fullElements = ({ made }: FoldedReservations): readonly Element[] =>
  made.filter(({ reservation }) => !isPlain(reservation)).map(fullElement);

const changedElements = ({ changed }: FoldedReservations): readonly Element[] =>
  [...changed].map(([id, changes]) => reservationChangeElement(id, changes));

const pendingReservation = ({ reservation, streamId }: PendingEntry): readonly MadeReservation[] =>
  reservation ? [{ reservation, streamId }] : [];

const plainElement = ({ reservation, streamId }: MadeReservation): Element =>
  reservationElement(reservation, streamId);

const fullElement = ({ reservation, streamId }: MadeReservation): Element =>
  fullReservationElement(reservation, streamId);

const laterDecision = ({ decision, requestId, position }: JournalEntry): readonly Element[] => {
  const id = 'reservationId' in decision ? decision.reservationId : undefined;
  return id === undefined || id === requestId ? [] : [[hexOf(id), position]];
};

const newHolds = ({ made }: FoldedReservations): readonly Element[] =>
  made.flatMap(({ reservation: { id, status, expiresAtMs } }) =>
    status === 'held' && expiresAtMs !== undefined ? [[hexOf(id), expiresAtMs]] : [],
  );

const extendedHolds = ({ changed, unheld }: FoldedReservations): readonly Element[] =>
  [...changed].flatMap(([id, { expiresAtMs }]) =>
    expiresAtMs !== undefined && !unheld.has(id) ? [[hexOf(id), expiresAtMs]] : [],
  );
