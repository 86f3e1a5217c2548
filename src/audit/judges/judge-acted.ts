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
  /** The moments by which requests were on their streams, as clients know. */
  readonly arrivals: ReadonlyMap<RequestId, number>;
  /** The reservation of the entry, as it was before the entry. */
  readonly reservation: Reservation | undefined;
  /** The rules of the show that the entry names. */
  readonly rules: ShowRules | undefined;
}

/**
 * Checks that a request that arrived in time was treated as in time: if a client knows that it arrived before
 * a hold or a sale ended, it must not be decided as if it had arrived after that. Late, raised and redriven
 * entries are skipped, because they are decided as of a later arrival; so are entries of a stream that may
 * have lost its end, because they may have been sent again. After a clock was set back all are skipped,
 * because the client's knowledge then proves nothing.
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

/** The end of the hold or of the sale that the decision treated as over. */
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
