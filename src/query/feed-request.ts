import Type from 'typebox';
import type { Decision } from '../domain/decisions.ts';
import { decisionTypesOf } from '../domain/feed/event-types.ts';
import { type FeedCursor, parseCursor } from '../http/message/feed-cursor.ts';
import { givenShowIdField, validShowId } from '../http/message/given-ids.ts';
import { invalidRequest, type Problem } from '../http/problems/problem.ts';
import type { FeedQuery } from '../store/feed-contract.ts';

const limitDefault = 100;
const cursorLengthMax = 8_192;

export const feedParameters = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        maxLength: cursorLengthMax,
        description:
          'A nextCursor: what came after it. `now`: what comes from here on. Without it: from the beginning.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: `Default ${limitDefault}.` }),
    ),
    showId: Type.Optional(givenShowIdField),
    types: Type.Optional(
      Type.String({
        maxLength: 1_000,
        description:
          'With commas between them, e.g. `reservation.*,hold.expired`. Without it: all but queue.*.',
      }),
    ),
    partition: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_095 })),
  },
  { additionalProperties: false },
);

export type FeedParameters = Type.Static<typeof feedParameters>;

export type FeedRequest = Omit<FeedQuery, 'seen'> & {
  /** Undefined: from the beginning. */
  readonly after: FeedCursor | 'now' | undefined;
};

/** What is asked of the feed, or why it cannot be asked. */
export const parseFeedRequest = (
  { after, limit = limitDefault, showId, types, partition }: FeedParameters,
  pair: string,
): { readonly asked: FeedRequest } | { readonly problem: Problem } => {
  const cursor = after === undefined || after === 'now' ? after : parseCursor(after);
  if (after !== undefined && cursor === undefined) return { problem: badCursor };
  if (typeof cursor === 'object' && cursor.pair !== pair) return { problem: foreignCursor };
  const wanted = types === undefined ? undefined : parseTypes(types);
  if (types !== undefined && !wanted) return { problem: badTypes };
  return {
    asked: {
      after: cursor,
      limit,
      ...(showId !== undefined && { showId: validShowId(showId) }),
      ...(wanted && { types: wanted }),
      ...(partition !== undefined && { partition }),
    },
  };
};

const parseTypes = (text: string): ReadonlySet<Decision['type']> | undefined => {
  const named = text.split(',').map((one) => decisionTypesOf(one.trim()));
  return named.every((one) => one !== undefined) ? new Set(named.flat()) : undefined;
};

const badCursor = invalidRequest([
  { pointer: '?after', detail: 'must be a nextCursor that this service gave, or now' },
]);
const foreignCursor = invalidRequest([
  {
    pointer: '?after',
    detail: 'is a cursor of another installation, or of the one that this database was copied from',
  },
]);
const badTypes = invalidRequest([
  {
    pointer: '?types',
    detail: 'must name types of decision, such as reservation.confirmed or reservation.*',
  },
]);
