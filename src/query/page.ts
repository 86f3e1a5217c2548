import Type, { type TSchema } from 'typebox';
import { parseReservationId, parseShowId, type ReservationId, type ShowId } from '../domain/ids.ts';
import { patterns } from '../http/message/fields.ts';
import { invalidRequest, type Problem } from '../http/problems/problem.ts';
import type { ListRow } from '../store/contract.ts';

export const pageParameters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Default 20.' })),
  cursor: Type.Optional(
    Type.String({ pattern: patterns.cursor, description: 'nextCursor of the page before.' }),
  ),
};

export const limitDefault = 20;

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

export const pageSchema = (item: TSchema) =>
  Type.Object({
    data: Type.Array(item),
    nextCursor: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'null on the last page. A page may be short, or empty, and not be the last.',
    }),
  });

/** The position of the next page: the last id of this page, as 22 opaque characters. */
export const newCursor = (id: ReservationId | ShowId): string =>
  Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

export const parseReservationCursor = (cursor: string): ReservationId | undefined =>
  parseReservationId(uuidOf(cursor));

export const parseShowCursor = (cursor: string): ShowId | undefined => parseShowId(uuidOf(cursor));

const uuidOf = (cursor: string): string =>
  Buffer.from(cursor, 'base64url')
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

export const nextCursorOf = (next: ReservationId | ShowId | undefined): string | null =>
  next === undefined ? null : newCursor(next);

export const readable = <Id, Item>(rows: readonly ListRow<Id, Item>[]): readonly Item[] =>
  rows.flatMap((row) => ('value' in row ? [row.value] : []));

/**
 * Makes a page from one row more than it shows; the extra row tells whether there is a next page. A row that
 * cannot be read is left out, but the next page still begins after it.
 */
export const pageOf = <Id extends ReservationId | ShowId, Item>(
  found: readonly ListRow<Id, Item>[],
  limit: number,
): Page<Item> => {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    data: readable(rows),
    nextCursor: nextCursorOf(found.length > limit ? last?.id : undefined),
  };
};

export const badCursor: Problem = invalidRequest([
  { pointer: '?cursor', detail: 'must be a nextCursor that this service gave' },
]);
