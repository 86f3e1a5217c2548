import type { Decision, JournalEntry } from '../../domain/decisions.ts';
import { available, type ShowLedger } from '../../domain/ledger.ts';
import { type Line, sumLines, totalQuantity } from '../../domain/lines.ts';
import type { ShowRules } from '../../domain/requests.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { LateConfirm } from '../state/customers.ts';
import type { Notes } from '../state/notes.ts';
import type { Replay } from '../state/replay.ts';
import { arrivalOf, isAfterSale, isBeforeSale } from '../state/sale-window.ts';

interface Context {
  readonly notes: Notes;
  /** The reservation of the entry, as it was before the entry. */
  readonly reservation: Reservation | undefined;
}

/**
 * Runs before the entry is replayed: was the reason of a refusal true? Returns the late confirm that the
 * entry refuses although there is room: the reason was then the customer's limit, which is judged elsewhere.
 */
export const judgeRefused = (
  replay: Replay,
  entry: JournalEntry,
  { notes, reservation }: Context,
): LateConfirm | undefined => {
  const { decision } = entry;
  const refused = refusedBy(decision, reservation);
  if (!refused) return undefined;
  const untrue = decision.type === 'ReservationRejected' ? untrueReason(replay, entry, decision) : undefined;
  const why = untrue ?? whileDue(replay, entry, refused);
  if (why) notes.note('undersold', refused.about, `refused at position ${entry.position} ${why}`);
  const ledger = replay.ledgers.get(refused.showId);
  return ledger && !why && decision.type === 'RequestRefused' && hasRoom(ledger, refused.lines)
    ? refused
    : undefined;
};

interface Refusal extends LateConfirm {
  readonly isForRoom: boolean;
  readonly isForCustomer: boolean;
}

const refusedBy = (decision: Decision, reservation: Reservation | undefined): Refusal | undefined => {
  if (decision.type === 'ReservationRejected') {
    const { reservationId: about, showId, customerId, lines, reason } = decision;
    const isForCustomer = reason === 'customer-limit' || reason === 'hold-limit';
    return { about, showId, customerId, lines, isForRoom: reason === 'sold-out', isForCustomer };
  }
  if (!isLateConfirmRefused(decision) || reservation?.status !== 'expired') return undefined;
  const { id: about, showId, customerId, lines } = reservation;
  return { about, showId, customerId, lines, isForRoom: true, isForCustomer: true };
};

const isLateConfirmRefused = (decision: Decision): boolean =>
  decision.type === 'RequestRefused' &&
  decision.asked === 'ConfirmationRequested' &&
  decision.reason === 'hold-expired';

/** The reason why the refusal is wrong: a hold that was over, but had not lapsed, took the place. */
const whileDue = (
  { holds }: Replay,
  { decidedAtMs, judgedAtMs }: JournalEntry,
  { showId, customerId, lines, isForRoom, isForCustomer }: Refusal,
): string | undefined => {
  if (!isForRoom && !isForCustomer) return undefined;
  const byMs = judgedAtMs ?? decidedAtMs;
  const due = [...holds.overdue.values()].find(
    (hold) =>
      hold.showId === showId &&
      (hold.expiresAtMs ?? byMs) <= byMs &&
      ((isForRoom && sharesPool(hold.lines, lines)) || (isForCustomer && hold.customerId === customerId)),
  );
  return due && `while hold ${due.id} was due since ${due.expiresAtMs}`;
};

type Rejection = Extract<Decision, { type: 'ReservationRejected' }>;

/** Why the reason was not true; undefined where it was true, or where it is judged elsewhere. */
const untrueReason = (
  { ledgers }: Replay,
  entry: JournalEntry,
  { reason, showId, lines }: Rejection,
): string | undefined => {
  if (reason === 'duplicate-request' || reason === 'idempotency-key-reused') return undefined;
  const ledger = ledgers.get(showId);
  if (reason === 'not-found') return ledger && 'though the show was open';
  if (!ledger) return `as ${reason} of a show that was not open`;
  return untrueOfShow(reason, { ledger, lines, arrivedAtMs: arrivalOf(entry) });
};

interface RejectedRequest {
  readonly ledger: ShowLedger;
  readonly lines: readonly Line[];
  readonly arrivedAtMs: number;
}

const untrueOfShow = (
  reason: Rejection['reason'],
  { ledger, lines, arrivedAtMs }: RejectedRequest,
): string | undefined => {
  const { rules } = ledger;
  const inSale = `though it arrived at ${arrivedAtMs}, in the sale`;
  switch (reason) {
    case 'unknown-pool':
      return lines.every(({ poolId }) => hasPool(ledger, poolId)) ? 'though all pools were there' : undefined;
    case 'over-request-limit':
      return isOverRequest(rules, lines) ? undefined : `for ${totalQuantity(lines)} places`;
    case 'sale-not-open':
      return isBeforeSale(rules, arrivedAtMs) ? undefined : inSale;
    case 'sale-closed':
      return isAfterSale(rules, arrivedAtMs) ? undefined : inSale;
    case 'sold-out':
      return hasRoom(ledger, sumLines(lines)) ? 'while there was room' : undefined;
    default:
      return undefined;
  }
};

const isOverRequest = ({ maxPerRequest }: ShowRules, lines: readonly Line[]): boolean =>
  maxPerRequest !== undefined && totalQuantity(lines) > maxPerRequest;

const hasPool = ({ pools }: ShowLedger, poolId: Line['poolId']): boolean =>
  pools.some(({ id }) => id === poolId);

const hasRoom = (ledger: ShowLedger, lines: readonly Line[]): boolean =>
  lines.every(({ poolId, quantity }) =>
    ledger.pools.some((pool) => pool.id === poolId && available(pool) >= quantity),
  );

const sharesPool = (some: readonly Line[], others: readonly Line[]): boolean =>
  some.some(({ poolId }) => others.some((other) => other.poolId === poolId));
