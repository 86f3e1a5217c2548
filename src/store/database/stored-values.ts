import { type PoolId, parsePoolId } from '../../domain/ids.ts';
import type { Line } from '../../domain/lines.ts';
import { isRejectionReason, type NewerReason, type RejectionReason } from '../../domain/reasons.ts';
import { type ReservationStatus, reservationStatuses } from '../../domain/reservation.ts';
import { type ReadValue, readText } from './columns.ts';

/** The values of columns that hold a word out of a list, or JSON. */

export const parseStatus = (text: string): ReservationStatus | undefined =>
  Object.hasOwn(reservationStatuses, text) ? (text as ReservationStatus) : undefined;

const reasonWord = /^[a-z][a-z-]{0,39}$/;

/**
 * A newer build's reason is returned unchanged: no later decision depends on why a reservation was rejected.
 */
export const parseReason = (text: string): RejectionReason | NewerReason | undefined => {
  if (isRejectionReason(text)) return text;
  return reasonWord.test(text) ? (text as NewerReason) : undefined;
};

/** The lines of a reservation: pairs of pool and quantity. */
export const readLines: ReadValue<readonly Line[]> = (column, value) => {
  const lines: unknown = JSON.parse(readText(column, value));
  if (!Array.isArray(lines)) throw new Error(`column ${column} holds no lines`);
  return lines.map((line) => parseLine(column, line));
};

const parseLine = (column: string, line: unknown): Line => {
  const [pool, quantity] = Array.isArray(line) ? (line as unknown[]) : [];
  const poolId: PoolId | undefined = typeof pool === 'string' ? parsePoolId(pool) : undefined;
  if (poolId === undefined || typeof quantity !== 'number' || !Number.isSafeInteger(quantity) || quantity < 1)
    throw new Error(`column ${column} holds the line ${JSON.stringify(line)}`);
  return { poolId, quantity };
};
