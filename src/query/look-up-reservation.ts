import { partitionOf, type ReservationId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';
import { compareStreamIds } from '../domain/stream-id.ts';
import { orUnavailable } from '../http/or-unavailable.ts';
import { unreadableRow } from '../http/unreadable-row.ts';
import type { QueryOptions } from './options.ts';

export type LookUp =
  | { readonly type: 'found'; readonly reservation: Reservation }
  /** No row yet, and the stream holds entries that nobody has decided: it may be among them. */
  | { readonly type: 'queued' }
  | { readonly type: 'unknown' };

/**
 * A GET right after a 202 never says unknown. The order is what makes that true: the stream's last id *now*, and only
 * then row and watermark from one statement. A watermark that has passed that id has decided everything that was
 * accepted before the question; unless Redis went back, and ids below a watermark were given once more: then nothing is
 * unknown until those entries are decided. The look before is for rows that are there, which need no Redis.
 */
export const lookUpReservation = async (
  id: ReservationId,
  { reader, tail }: Pick<QueryOptions, 'reader' | 'tail'>,
): Promise<LookUp> => {
  const early = await rowOf(id, reader);
  if (early.reservation) return { type: 'found', reservation: early.reservation };
  const partition = partitionOf(id);
  const end = Promise.all([tail.lastId(partition), tail.mayHoldLate(partition)]);
  const [lastId, mayHoldLate] = await orUnavailable('Redis', end);
  const { reservation, watermark } = await rowOf(id, reader);
  if (reservation) return { type: 'found', reservation };
  return { type: mayHoldLate || compareStreamIds(watermark, lastId) < 0 ? 'queued' : 'unknown' };
};

/** A row that is there and cannot be read is neither queued nor unknown. */
const rowOf = async (id: ReservationId, reader: QueryOptions['reader']) => {
  const row = await orUnavailable('MySQL', reader.reservation(id));
  if (row.unreadable !== undefined) throw unreadableRow(row.unreadable);
  return row;
};
