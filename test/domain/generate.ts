import fc from 'fast-check';
import {
  type CustomerId,
  newUuidText,
  type PoolId,
  parseCustomerId,
  parsePoolId,
  parseRequestId,
  parseReservationId,
  parseShowId,
  type RequestId,
  type ReservationId,
  type ShowId,
} from '../../src/domain/ids.ts';
import type { Line } from '../../src/domain/lines.ts';
import type { ReservationRequested, ShowOpeningRequested } from '../../src/domain/requests.ts';

/** Ids for examples: the n-th of its kind in a partition. */
const uuid = (partition: number, n: number): string =>
  newUuidText({ timeMs: 1_700_000_000_000 + n, partition, tail: n.toString(16).padStart(16, '0') });

const made = <Value>(value: Value | undefined, text: string): Value => {
  if (value === undefined) throw new Error(`not an id: ${text}`);
  return value;
};

export const showId = (n: number, partition = 0): ShowId =>
  made(parseShowId(uuid(partition, n)), `show ${n}`);
export const reservationId = (n: number, partition = 0): ReservationId =>
  made(parseReservationId(uuid(partition, 1_000_000 + n)), `reservation ${n}`);
/** Id of a request about an existing reservation or show. */
export const requestId = (n: number, partition = 0): RequestId =>
  made(parseRequestId(uuid(partition, 2_000_000 + n)), `request ${n}`);
export const poolId = (text: string): PoolId => made(parsePoolId(text), text);
export const customerId = (text: string): CustomerId => made(parseCustomerId(text), text);

export const opening = (
  capacities: Readonly<Record<string, number>>,
  rules: ShowOpeningRequested['rules'] = {},
  show = showId(1),
): ShowOpeningRequested => ({
  type: 'ShowOpeningRequested',
  showId: show,
  name: 'A show',
  pools: Object.entries(capacities).map(([id, capacity]) => ({ id: poolId(id), name: id, capacity })),
  rules,
});

export const line = (pool: string, quantity: number): Line => ({ poolId: poolId(pool), quantity });

export const request = (
  n: number,
  lines: readonly Line[],
  show = showId(1),
  customer = 'alice',
): ReservationRequested => ({
  type: 'ReservationRequested',
  reservationId: reservationId(n, Number.parseInt(show.slice(15, 18), 16)),
  showId: show,
  customerId: customerId(customer),
  lines,
});

/** A show of 1 to 4 small pools and up to 60 requests, some for pools that do not exist. */
export const sale = fc
  .record({
    capacities: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 }),
    asks: fc.array(
      fc.array(fc.tuple(fc.nat({ max: 4 }), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 5 }),
      { maxLength: 60 },
    ),
  })
  .map(({ capacities, asks }) => ({
    opening: opening(Object.fromEntries(capacities.map((capacity, i) => [`pool-${i}`, capacity]))),
    requests: asks.map((lines, n) =>
      request(
        n,
        lines.map(([pool, quantity]) => line(`pool-${pool}`, quantity)),
      ),
    ),
  }));
