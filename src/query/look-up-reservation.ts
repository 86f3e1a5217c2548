import { partitionOf, type ReservationId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';
import { compareStreamIds } from '../domain/stream-id.ts';
import { type ReservationBody, reservationEtag } from '../http/message/represent-reservation.ts';
import { orUnavailable, redisOrUnavailable } from '../http/problems/or-unavailable.ts';
import { unreadableRow } from '../http/problems/unreadable-row.ts';
import type { LogTail } from '../log/contract.ts';
import type { Reader } from '../store/contract.ts';
import { isNoOlder } from './seen-states.ts';

export interface LookUpOptions {
  readonly reader: Reader;
  /**
   * A server that may lag a little, where there is one. It is read for lists, and for resources of which the
   * client has no newer state.
   */
  readonly replica?: Reader | undefined;
  readonly tail: LogTail;
}

export type LookUp =
  | { readonly type: 'found'; readonly reservation: Reservation }
  /** No row yet, and the stream holds undecided entries: the request may be among them. */
  | { readonly type: 'queued' }
  | { readonly type: 'unknown' };

/** The body for a queued reservation: the tables do not contain its request yet. */
export const queuedBody = (id: ReservationId): ReservationBody => ({ id, status: 'pending' });

/** Queued and parked reservations are both pending, but their bodies differ, so their versions differ too. */
export const queuedVersion = 'queued';

/**
 * A GET right after a 202 never answers 404. The order of reads guarantees that: first the last id of the
 * stream, and only then row and watermark in one statement. If the watermark has passed that id, everything
 * accepted before this call is decided. The exception is a Redis that went back and gave ids below the
 * watermark again: then no id is answered as unknown until those entries are decided. The first read is for
 * rows that exist, which need no Redis. A replica may serve it; the primary is read for a row that the
 * replica lacks, has undecided, or has in an older state than the client.
 */
export const lookUpReservation = async (
  id: ReservationId,
  { reader, replica, tail }: LookUpOptions,
  ifNoneMatch?: string,
): Promise<LookUp> => {
  const early = replica ? await decidedOf(id, replica, ifNoneMatch) : (await rowOf(id, reader)).reservation;
  if (early) return { type: 'found', reservation: early };
  const partition = partitionOf(id);
  const end = Promise.all([tail.lastId(partition), tail.mayHoldLate(partition)]);
  const [lastId, mayHoldLate] = await redisOrUnavailable(end);
  const { reservation, watermark } = await rowOf(id, reader);
  if (reservation) return { type: 'found', reservation };
  return { type: mayHoldLate || compareStreamIds(watermark, lastId) < 0 ? 'queued' : 'unknown' };
};

/** Resolves a pending row: its entry was parked, but may have been sent again and decided since. */
const decidedOf = async (
  id: ReservationId,
  replica: Reader,
  ifNoneMatch: string | undefined,
): Promise<Reservation | undefined> => {
  const { reservation } = await orUnavailable('MySQL', replica.reservation(id));
  if (reservation?.decidedAtMs === undefined) return undefined;
  const atMs = reservation.changedAtMs ?? reservation.decidedAtMs;
  return isNoOlder({ etag: reservationEtag(reservation), atMs }, ifNoneMatch) ? reservation : undefined;
};

/** A row that cannot be read is neither queued nor unknown, so it is an error. */
const rowOf = async (id: ReservationId, reader: Reader) => {
  const row = await orUnavailable('MySQL', reader.reservation(id));
  if (row.unreadable !== undefined) throw unreadableRow(row.unreadable);
  return row;
};
