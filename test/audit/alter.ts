import type { Decision, JournalEntry } from '../../src/domain/decisions.ts';
import type { RejectionReason } from '../../src/domain/reasons.ts';
import { reservationId } from '../domain/generate.ts';
import { changed } from './look.ts';
import { type Remains, remainsOf } from './memory-source.ts';

export const positionOf = ({ journal }: Remains, about: number): number =>
  journal.find(({ requestId }) => requestId === reservationId(about))?.position ?? 0;

export const decisionAt = ({ journal }: Remains, position: number): Decision => {
  const entry = journal.find((each) => each.position === position);
  if (!entry) throw new Error(`nothing at position ${position}`);
  return entry.decision;
};

/** The same with one entry changed, and tables that match it. */
export const altered = (it: Remains, position: number, change: Partial<JournalEntry>): Remains =>
  remainsOf({ ...it, journal: changed(it, position, change) });

/** The same as if the reservation had been confirmed (or held) at once. */
export const given = (it: Remains, about: number, holdMs?: number): Remains => {
  const position = positionOf(it, about);
  const { journal } = it;
  const decision = decisionAt(it, position);
  if (decision.type !== 'ReservationRejected') throw new Error(`${about} was not refused`);
  const { reason, poolId, firstId, ...facts } = decision;
  const decidedAtMs = journal.find((each) => each.position === position)?.decidedAtMs ?? 0;
  return altered(it, position, {
    decision:
      holdMs === undefined
        ? { ...facts, type: 'ReservationConfirmed' }
        : { ...facts, type: 'ReservationHeld', expiresAtMs: decidedAtMs + holdMs },
  });
};

/** The same as if the reservation had been rejected. */
export const refused = (it: Remains, about: number, reason: RejectionReason): Remains => {
  const position = positionOf(it, about);
  const decision = decisionAt(it, position);
  if (decision.type !== 'ReservationConfirmed' && decision.type !== 'ReservationHeld')
    throw new Error(`${about} was not given`);
  const { reservationId: id, showId, customerId, lines } = decision;
  return altered(it, position, {
    decision: { type: 'ReservationRejected', reservationId: id, showId, customerId, lines, reason },
  });
};
