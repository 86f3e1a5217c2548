import { isRaised, type JournalEntry } from '../../domain/decisions.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { ShowRules } from '../../domain/requests.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { AuditedPartition } from '../contract.ts';
import type { Notes } from '../state/notes.ts';
import type { Parking } from '../state/parking.ts';

interface Context {
  readonly notes: Notes;
  readonly audited: AuditedPartition;
  readonly parking: Parking;
  /** By when requests were on their streams, as clients know. */
  readonly arrivals: ReadonlyMap<RequestId, number>;
  /** What the entry is about, as it was before. */
  readonly reservation: Reservation | undefined;
  /** Those of the show it names. */
  readonly rules: ShowRules | undefined;
}

/**
 * Who acted in time has acted: what a client knows to have arrived before a hold or a sale ended was not decided as if it
 * had come behind that. Late, raised and redriven entries are judged when they arrive again, and so is what was sent
 * again to a stream that lost it. Behind a clock that went back, what is known says nothing.
 */
export const judgeActed = (entry: JournalEntry, beside: Context): void => {
  const { requestId, late, position } = entry;
  const { notes, audited, parking, arrivals } = beside;
  const arrivedByMs = requestId && arrivals.get(requestId);
  if (!requestId || arrivedByMs === undefined) return;
  const { wentBack, clockWentBack } = audited;
  if (late || isRaised(entry) || wentBack || clockWentBack || parking.requests.has(requestId)) return;
  const endedMs = endMs(entry, beside);
  if (endedMs !== undefined && arrivedByMs < endedMs)
    notes.note(
      'untimely',
      requestId,
      `there by ${arrivedByMs}, and at position ${position} found ended what ended at ${endedMs}`,
    );
};

/** When that ended which the decision found ended. */
const endMs = (
  { decision }: JournalEntry,
  { reservation, rules }: Pick<Context, 'reservation' | 'rules'>,
): number | undefined => {
  switch (decision.type) {
    case 'ReservationRejected':
      return decision.reason === 'sale-closed' && !rules?.closed ? rules?.closesAtMs : undefined;
    case 'ReservationConfirmed':
      return decision.from === 'expired' ? reservation?.expiresAtMs : undefined;
    case 'RequestRefused':
    case 'RequestSatisfied':
      return reservation?.status === 'expired' ? reservation.expiresAtMs : undefined;
    default:
      return undefined;
  }
};
