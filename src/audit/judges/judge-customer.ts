import type { JournalEntry } from '../../domain/decisions.ts';
import type { CustomerId, ReservationId, ShowId } from '../../domain/ids.ts';
import { limits } from '../../domain/limits.ts';
import { type Line, totalQuantity } from '../../domain/lines.ts';
import type { ShowRules } from '../../domain/requests.ts';
import { type Customers, type CustomerUsage, type LateConfirm, usageOf } from '../state/customers.ts';
import type { Notes } from '../state/notes.ts';

/** What a decision implies about the limits of its customer. */
interface Stance {
  readonly about: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  readonly lines: readonly Line[];
  readonly says:
    | 'places-given'
    | 'places-given-again'
    | 'customer-limit'
    | 'hold-limit'
    | 'late-confirm-refused';
}

/**
 * Runs before the entry is counted: do the customer's limits allow what it gives, and do they forbid what it
 * refuses? `refused`: the late confirm that the entry refuses although there was room for it.
 */
export const judgeCustomer = (
  customers: Customers,
  entry: JournalEntry,
  { notes, refused }: { readonly notes: Notes; readonly refused: LateConfirm | undefined },
): void => {
  const { position } = entry;
  const stance = refused ? { ...refused, says: 'late-confirm-refused' as const } : stanceOf(entry);
  const rules = stance && customers.rules.get(stance.showId);
  if (!stance || !rules || wasJudged(customers, { position, rules, showId: stance.showId })) return;
  const had = isLimited(rules) ? usageOf(customers, stance) : { places: 0, holds: 0 };
  if (had) noteFaults(stance, { rules, had, position, notes });
  else if (refused) customers.unread.lateConfirms.set(position, refused);
};

interface LimitCheck {
  readonly position: number;
  readonly rules: ShowRules;
  readonly showId: ShowId;
}

/**
 * Whether an earlier reading judged it: where nothing had to be counted, and as long as the show was in
 * memory.
 */
const wasJudged = ({ only }: Customers, { position, rules, showId }: LimitCheck): boolean =>
  only !== undefined && (!isLimited(rules) || position <= (only.shows.get(showId) ?? position));

const isLimited = ({ maxPerCustomer, holdSeconds }: ShowRules): boolean =>
  maxPerCustomer !== undefined || holdSeconds !== undefined;

const stanceOf = ({ decision }: JournalEntry): Stance | undefined => {
  switch (decision.type) {
    case 'ReservationHeld':
      return { ...decision, about: decision.reservationId, says: 'places-given' };
    case 'ReservationConfirmed': {
      const { from, reservationId: about } = decision;
      if (from === 'held') return undefined;
      return { ...decision, about, says: from ? 'places-given-again' : 'places-given' };
    }
    case 'ReservationRejected': {
      const { reason, reservationId: about } = decision;
      return reason === 'customer-limit' || reason === 'hold-limit'
        ? { ...decision, about, says: reason }
        : undefined;
    }
    default:
      return undefined;
  }
};

interface Context {
  readonly rules: ShowRules;
  readonly had: Readonly<CustomerUsage>;
  readonly position: number;
  readonly notes: Notes;
}

const noteFaults = (stance: Stance, { rules, had, position, notes }: Context): void => {
  const { about, says, lines } = stance;
  const { maxPerCustomer: most = Number.POSITIVE_INFINITY, holdSeconds } = rules;
  const asked = totalQuantity(lines);
  const isOverPlaces = had.places + asked > most;
  const isOverHolds = holdSeconds !== undefined && had.holds >= limits.liveHoldsPerCustomer;
  const isGiven = says === 'places-given' || says === 'places-given-again';
  const at = `at position ${position}`;
  const before = `${asked} places ${at}, beside ${had.places} of at most ${most}`;
  const holds = `${at}, beside ${had.holds} live holds of at most ${limits.liveHoldsPerCustomer}`;
  if (isGiven && isOverPlaces) notes.note('over-limit', about, `given ${before}`);
  if (says === 'places-given' && isOverHolds) notes.note('over-limit', about, `held ${holds}`);
  if (says === 'customer-limit' && !isOverPlaces) notes.note('undersold', about, `refused ${before}`);
  if (says === 'hold-limit' && !isOverHolds) notes.note('undersold', about, `refused ${holds}`);
  if (says === 'late-confirm-refused' && !isOverPlaces)
    notes.note('undersold', about, `refused ${at} while there was room`);
};
