import type { Decision, JournalEntry } from '../../domain/decisions.ts';
import type { CustomerId, ReservationId, ShowId } from '../../domain/ids.ts';
import { type Line, totalQuantity } from '../../domain/lines.ts';
import type { ShowRules } from '../../domain/requests.ts';

/**
 * A customer's places and holds of one show, summed up here, because the sums of the decisions are what is
 * audited.
 */
export interface CustomerUsage {
  places: number;
  holds: number;
}

/** A late confirm that was refused although there was room. */
export interface LateConfirm {
  readonly about: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  readonly lines: readonly Line[];
}

/**
 * Every customer's places at one position of the journal, for as many shows as fit into memory. When memory
 * is full, the shows that began last are evicted, but never the first one. Evicted shows are counted by
 * reading the journal again.
 */
export interface Customers {
  readonly customersMax: number;
  /** The shows of this reading; undefined on the first reading, which covers all shows. */
  readonly only?: UncountedShows;
  readonly rules: Map<ShowId, ShowRules>;
  /** Shows that had a limit at some time: only these need another reading. */
  readonly limited: Set<ShowId>;
  readonly shows: Map<ShowId, Map<CustomerId, CustomerUsage>>;
  readonly unread: UncountedShows;
  count: number;
}

/** Shows that were evicted from memory. */
export interface UncountedShows {
  /** The position up to which their customers were judged. */
  readonly shows: Map<ShowId, number>;
  /** By position, because these entries name neither show nor customer. */
  readonly lateConfirms: Map<number, LateConfirm>;
}

export const newCustomers = (customersMax: number, only?: UncountedShows): Customers => ({
  customersMax,
  ...(only && { only }),
  rules: new Map(),
  limited: new Set(),
  shows: new Map(),
  unread: { shows: new Map(), lateConfirms: new Map() },
  count: 0,
});

const nothing: Readonly<CustomerUsage> = { places: 0, holds: 0 };

/** Undefined when the customers of the show are not counted in this reading. */
export const usageOf = (
  { shows, unread, only }: Customers,
  { showId, customerId }: { readonly showId: ShowId; readonly customerId: CustomerId },
): Readonly<CustomerUsage> | undefined => {
  if (unread.shows.has(showId) || (only && !only.shows.has(showId))) return undefined;
  return shows.get(showId)?.get(customerId) ?? nothing;
};

/** Counts one more entry. */
export const countCustomer = (customers: Customers, { decision, position }: JournalEntry): void => {
  if (decision.type === 'ShowOpened' || decision.type === 'ShowChanged') keepRules(customers, decision);
  if (!('customerId' in decision) || !usageOf(customers, decision)) return;
  const { places, holds } = changeBy(decision);
  if (places === 0 && holds === 0) return;
  const { showId, customerId } = decision;
  const ofShow = customers.shows.get(showId) ?? new Map<CustomerId, CustomerUsage>();
  customers.shows.set(showId, ofShow);
  const before = ofShow.get(customerId);
  const had = before ?? { places: 0, holds: 0 };
  had.places += places;
  had.holds += holds;
  const isNothing = had.places === 0 && had.holds === 0;
  if (before && isNothing) {
    ofShow.delete(customerId);
    customers.count -= 1;
  } else if (!before && !isNothing) {
    ofShow.set(customerId, had);
    customers.count += 1;
    if (customers.count > customers.customersMax) makeWay(customers, position);
  }
};

const keepRules = (
  { rules, limited }: Customers,
  decision: Extract<Decision, { type: 'ShowOpened' | 'ShowChanged' }>,
): void => {
  rules.set(decision.showId, decision.rules);
  if (decision.rules.maxPerCustomer !== undefined || decision.rules.holdSeconds !== undefined)
    limited.add(decision.showId);
};

/**
 * Evicts shows until three quarters of the limit are left, shows without a limit first: their counts are not
 * needed as long as they have none.
 */
const makeWay = (customers: Customers, position: number): void => {
  const { shows, limited, only, unread, customersMax } = customers;
  const [, ...others] = shows.keys();
  const lastFirst = others.toReversed();
  const isLimited = (showId: ShowId): boolean => limited.has(showId);
  for (const showId of [...lastFirst.filter((id) => !isLimited(id)), ...lastFirst.filter(isLimited)]) {
    if (customers.count <= customersMax * 0.75) return;
    customers.count -= shows.get(showId)?.size ?? 0;
    shows.delete(showId);
    unread.shows.set(showId, Math.max(position, only?.shows.get(showId) ?? 0));
  }
};

const changeBy = (decision: Decision): CustomerUsage => {
  switch (decision.type) {
    case 'ReservationHeld':
      return { places: totalQuantity(decision.lines), holds: 1 };
    case 'ReservationConfirmed':
      return decision.from === 'held'
        ? { places: 0, holds: -1 }
        : { places: totalQuantity(decision.lines), holds: 0 };
    case 'ReservationReduced':
      return { places: -totalQuantity(decision.released), holds: 0 };
    case 'ReservationCancelled':
      return { places: -totalQuantity(decision.released), holds: decision.from === 'held' ? -1 : 0 };
    case 'HoldExpired':
      return { places: -totalQuantity(decision.released), holds: -1 };
    default:
      return nothing;
  }
};
