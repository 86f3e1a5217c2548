import Type, { type TSchema } from 'typebox';
import { patterns } from '../http/fields.ts';
import { invalidRequest, type Problem } from '../http/problem.ts';

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
      description: 'null on the last page.',
    }),
  });

/** A page from one item more than it holds, which tells whether there is another. */
export const pageOf = <Item>(
  found: readonly Item[],
  { limit, cursorOf }: { readonly limit: number; readonly cursorOf: (last: Item) => string },
): Page<Item> => {
  const data = found.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: found.length > limit && last !== undefined ? cursorOf(last) : null };
};

export const badCursor: Problem = invalidRequest([
  { pointer: '?cursor', detail: 'must be a nextCursor that this service gave' },
]);
