import { totalsKey } from '../../domain/customer.ts';
import type { CustomerId, RequestId, ReservationId, ShowId } from '../../domain/ids.ts';
import { type FollowUpRequested, isFollowUp, type RequestEvent, requestIdOf } from '../../domain/requests.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { Lookup } from '../../store/contract.ts';

/** Why rows cannot be read, by kind and id. The id of a reservation is the id of the request that made it. */
export type UnreadableRows = Readonly<
  Record<'keys' | 'reservations' | 'ledgers' | 'customers', Map<string, string>>
>;

export const newUnreadableRows = (): UnreadableRows => ({
  keys: new Map(),
  reservations: new Map(),
  ledgers: new Map(),
  customers: new Map(),
});

export const collectUnreadable = <Key extends string, Value>(
  unreadable: Map<string, string>,
  found: Lookup<Key, Value>,
): Lookup<Key, Value> => {
  for (const [id, why] of found.unreadable) unreadable.set(id, why);
  return found;
};

interface LoadedRows {
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly unreadable: UnreadableRows;
  /** Holds that expire at or before this (ms) may lapse before these requests are decided. */
  readonly lapsesMs: number;
}

/**
 * Which requests depend on a row that cannot be read, and why it cannot. A decision without the row would be final and may
 * be wrong: "not found" for a show that exists, or places beyond a limit.
 */
export const findUndecidable = (
  requests: readonly RequestEvent[],
  read: LoadedRows,
): ReadonlyMap<RequestId, string> => {
  const { unreadable } = read;
  const undecidable = new Map<RequestId, string>();
  if (Object.values(unreadable).every(({ size }) => size === 0)) return undecidable;
  for (const request of requests) {
    const why =
      (request.key && unreadable.keys.get(request.key.hash)) ??
      (isFollowUp(request) ? whyOfFollowUp(request, read) : whyOf(request, unreadable));
    if (why !== undefined) undecidable.set(requestIdOf(request), why);
  }
  return undecidable;
};

const whyOfFollowUp = (
  request: FollowUpRequested,
  { reservations, unreadable, lapsesMs }: LoadedRows,
): string | undefined => {
  const reservation = reservations.get(request.reservationId);
  if (!reservation) return unreadable.reservations.get(request.reservationId);
  const { showId, customerId } = reservation;
  const isLimited = request.type === 'ConfirmationRequested' && mayConfirmLate(reservation, lapsesMs);
  return whyOf(isLimited ? { showId, customerId } : { showId }, unreadable);
};

/** Of all follow-ups only a late confirm takes places, so only it needs the totals of the customer. */
const mayConfirmLate = ({ status, expiresAtMs = 0 }: Reservation, lapsesMs: number): boolean =>
  status === 'expired' || (status === 'held' && expiresAtMs <= lapsesMs);

/** Why the show, or the customer's totals where they are needed, cannot be read; undefined when both can. */
const whyOf = (
  { showId, customerId }: { readonly showId: ShowId; readonly customerId?: CustomerId },
  { ledgers, customers }: UnreadableRows,
): string | undefined => ledgers.get(showId) ?? (customerId && customers.get(totalsKey(showId, customerId)));
