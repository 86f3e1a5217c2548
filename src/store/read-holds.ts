import type { Reservation } from '../domain/reservation.ts';
import { read } from './read.ts';
import { reservationOf } from './reservation-row.ts';
import { isNull, numberIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';

const findDueHolds = sentence('find-due-holds');
const findNextExpiry = sentence('find-next-expiry');

export const readDueHolds = async (
  sessions: Sessions,
  partition: number,
  { untilMs, limit }: { readonly untilMs: number; readonly limit: number },
): Promise<readonly Reservation[]> => {
  const values = [String(partition), String(untilMs), String(limit)];
  const rows = await read(sessions, (session) => session.rows(findDueHolds, values));
  return rows.map(reservationOf);
};

export const readNextExpiryMs = async (
  sessions: Sessions,
  partition: number,
): Promise<number | undefined> => {
  const [row] = await read(sessions, (session) => session.rows(findNextExpiry, [String(partition)]));
  return row && !isNull(row, 'expires_at_ms') ? numberIn(row, 'expires_at_ms') : undefined;
};
