import type { Decision, JournalEntry } from '../../domain/decisions.ts';
import { totalQuantity } from '../../domain/lines.ts';
import type { ShowRules } from '../../domain/requests.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { Notes } from '../state/notes.ts';
import type { Replay } from '../state/replay.ts';
import { arrivalOf, isAfterSale, isBeforeSale } from '../state/sale-window.ts';

interface Context {
  readonly notes: Notes;
  /** The reservation of the entry, as it was before the entry. */
  readonly reservation: Reservation | undefined;
}

/**
 * Runs before the entry is replayed: did the show's rules allow what it gives? Room and customers' limits are
 * judged elsewhere.
 */
export const judgeGiven = (
  { ledgers }: Replay,
  entry: JournalEntry,
  { notes, reservation }: Context,
): void => {
  const { decision, decidedAtMs, position } = entry;
  const rules = decision.showId && ledgers.get(decision.showId)?.rules;
  if (!rules) return;
  if (isNew(decision)) judgeNew(entry, decision, { notes, rules });
  const expected = expiryOf(decision, { rules, decidedAtMs, reservation });
  if (expected === undefined || !('expiresAtMs' in decision) || decision.expiresAtMs === expected) return;
  notes.note(
    'untimely',
    decision.reservationId,
    `held until ${decision.expiresAtMs} at position ${position}, and should be until ${expected}`,
  );
};

type NewReservation = Extract<Decision, { type: 'ReservationHeld' | 'ReservationConfirmed' }>;

const isNew = (decision: Decision): decision is NewReservation =>
  decision.type === 'ReservationHeld' ||
  (decision.type === 'ReservationConfirmed' && decision.from === undefined);

const judgeNew = (
  entry: JournalEntry,
  { type, reservationId, lines }: NewReservation,
  { notes, rules }: { readonly notes: Notes; readonly rules: ShowRules },
): void => {
  const at = `at position ${entry.position}`;
  const asked = totalQuantity(lines);
  const { maxPerRequest = Number.POSITIVE_INFINITY, holdSeconds } = rules;
  if (asked > maxPerRequest)
    notes.note('over-limit', reservationId, `given ${asked} places ${at}, of at most ${maxPerRequest}`);
  const arrivedAtMs = arrivalOf(entry);
  if (isBeforeSale(rules, arrivedAtMs))
    notes.note('untimely', reservationId, `given ${at}, arrived at ${arrivedAtMs}, before the sale`);
  if (isAfterSale(rules, arrivedAtMs))
    notes.note('untimely', reservationId, `given ${at}, arrived at ${arrivedAtMs}, after the sale`);
  if ((type === 'ReservationHeld') !== (holdSeconds !== undefined))
    notes.note('disagreeing', reservationId, `${type} ${at}, by a show that ${holdsText(rules)}`);
};

const holdsText = ({ holdSeconds }: ShowRules): string =>
  holdSeconds === undefined ? 'holds nothing' : 'holds before it confirms';

interface Hold {
  readonly rules: ShowRules;
  readonly decidedAtMs: number;
  readonly reservation: Reservation | undefined;
}

/**
 * The end of a hold counts from the decision, and an extension never shortens it. Undefined for a decision
 * that neither begins nor extends a hold.
 */
const expiryOf = (
  { type }: Decision,
  { rules: { holdSeconds }, decidedAtMs, reservation }: Hold,
): number | undefined => {
  const fromNowMs = decidedAtMs + (holdSeconds ?? 0) * 1_000;
  if (type === 'ReservationHeld') return holdSeconds === undefined ? undefined : fromNowMs;
  if (type !== 'HoldExtended' || reservation?.expiresAtMs === undefined) return undefined;
  return Math.max(reservation.expiresAtMs, fromNowMs);
};
