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
import { changeAll, type Element, insertInto } from './write-rows.ts';

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

/** Rows of reservations and of their holds, and where their later decisions are found. */
export const writeReservations = async (
  session: Session,
  partition: number,
  {
    entries,
    parked,
  }: { readonly entries: readonly JournalEntry[]; readonly parked: readonly PendingEntry[] },
): Promise<void> => {
  const insert = insertInto(session, partition);
  const change = changeAll(session, partition);
  const folded = foldReservations(entries);
  const plain = folded.made.filter(({ reservation }) => isPlain(reservation));
  await insert(insertReservations, [...plain, ...parked.flatMap(pendingReservation)].map(plainElement));
  const full = folded.made.filter(({ reservation }) => !isPlain(reservation));
  await insert(insertFullReservations, full.map(fullElement));
  await change(
    changeReservations,
    [...folded.changed].map(([id, changes]) => reservationChangeElement(id, changes)),
  );
  await insert(insertReservationDecisions, entries.flatMap(laterDecision));
  await insert(insertHolds, newHolds(folded));
  await change(extendHolds, extendedHolds(folded));
  await change(deleteHolds, [...folded.unheld].map(hexOf));
};

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
