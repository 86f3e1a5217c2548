import {
  newUuidText,
  parseCustomerId,
  parsePoolId,
  parseReservationId,
  parseShowId,
} from '../../domain/ids.ts';
import type { ShowLedger } from '../../domain/ledger.ts';
import type { Logger } from '../../domain/ports.ts';
import type { Reservation } from '../../domain/reservation.ts';

const required = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('the sample of the warm-up is not valid');
  return value;
};

const uuidOf = (number: number): string =>
  newUuidText({ timeMs: 0, partition: 0, tail: String(number).padStart(16, '8') });

export const reservationIdOf = (number: number) => required(parseReservationId(uuidOf(number)));
export const customerId = required(parseCustomerId('warm-up'));
const poolId = required(parsePoolId('standing'));
export const lines = [{ poolId, quantity: 3 }];

const showWith = (number: number, rules: ShowLedger['rules'], capacity = 2_000_000_000): ShowLedger => {
  const pools = [{ id: poolId, name: 'Standing', capacity, held: 0, confirmed: 0 }];
  const showId = required(parseShowId(uuidOf(number)));
  return { showId, name: 'Warm-up', revision: 1, openedAtMs: 0, asOfMs: 0, rules, pools };
};

export const plainShow = showWith(1, {});
/** Its reservations are held first, and count for a limit. */
export const holdShow = showWith(2, { holdSeconds: 600, maxPerCustomer: 1_000_000 });
/** The door refuses every request for it. */
export const fullShow = showWith(3, {}, 0);

const { showId } = plainShow;
export const reservationWith = (id: Reservation['id']): Reservation => {
  const times = { requestedAtMs: 0, decidedAtMs: 0 };
  return { id, showId, customerId, status: 'confirmed', lines, ...times };
};

export const nothing = (): void => undefined;
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
