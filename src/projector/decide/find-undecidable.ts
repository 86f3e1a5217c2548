import { totalsKey } from '../../domain/customer.ts';
import type { CustomerId, RequestId, ReservationId, ShowId } from '../../domain/ids.ts';
import { type FollowUpRequested, isFollowUp, type RequestEvent, requestIdOf } from '../../domain/requests.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { LookupResult } from '../../store/contract.ts';

/** Why rows cannot be read, each kind by its own ids: a reservation has the id of the request that made it. */
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
  found: LookupResult<Key, Value>,
): LookupResult<Key, Value> => {
  for (const [id, why] of found.unreadable) unreadable.set(id, why);
  return found;
};

interface LoadedRows {
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly unreadable: UnreadableRows;
  /** Holds that expire up to then may lapse before these requests are decided. */
  readonly lapsesMs: number;
}

/**
 * Which requests depend on a row that cannot be read, and why it cannot. Whatever it says, a decision without it would be
 * final: "not found" of a show that exists, or places beyond a limit.
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

/** Of what is about a reservation, only a late confirm asks for places, and so for what its customer has. */
const mayConfirmLate = ({ status, expiresAtMs = 0 }: Reservation, lapsesMs: number): boolean =>
  status === 'expired' || (status === 'held' && expiresAtMs <= lapsesMs);

/** The show that something is about, and what the customer has of it where that counts. */
const whyOf = (
  { showId, customerId }: { readonly showId: ShowId; readonly customerId?: CustomerId },
  { ledgers, customers }: UnreadableRows,
): string | undefined => ledgers.get(showId) ?? (customerId && customers.get(totalsKey(showId, customerId)));
