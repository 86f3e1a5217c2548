import { parseReservationId, parseShowId, type ReservationId, type ShowId } from '../domain/ids.ts';

/** Where the next page goes on: the last id of this one, in 22 characters nobody needs to understand. */
export const newCursor = (id: ReservationId | ShowId): string =>
  Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

export const parseReservationCursor = (cursor: string): ReservationId | undefined =>
  parseReservationId(uuidOf(cursor));

export const parseShowCursor = (cursor: string): ShowId | undefined => parseShowId(uuidOf(cursor));

const uuidOf = (cursor: string): string =>
  Buffer.from(cursor, 'base64url')
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
