import Type from 'typebox';
import type { Decision } from '../domain/decisions.ts';
import { decisionTypesOf } from '../domain/feed/event-types.ts';
import { type FeedCursor, parseCursor } from '../http/message/feed-cursor.ts';
import { givenShowIdField, validShowId } from '../http/message/given-ids.ts';
import { invalidRequest, type Problem } from '../http/problems/problem.ts';
import type { FeedQuery } from '../store/feed-contract.ts';

const limitDefault = 100;
/** A cursor of 256 partitions has 4,104 characters. */
export const cursorLengthMax = 8_192;
const partitionsMax = 256;

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

/** `after` may come from elsewhere than the query. */
type Asked = Omit<FeedParameters, 'after'> & { readonly after: string | undefined };

export type FeedRequest = Omit<FeedQuery, 'seen'> & {
  /** Undefined: from the beginning. */
  readonly after: FeedCursor | 'now' | undefined;
};

interface FeedBounds {
  /** The first 8 hex digits of the pair's id. */
  readonly pair: string;
  readonly partitions: number;
}

/** What is asked of the feed, or why it cannot be asked. */
export const parseFeedRequest = (
  given: Asked,
  bounds: FeedBounds,
): { readonly asked: FeedRequest } | { readonly problem: Problem } => {
  const after = parseAfter(given.after, bounds);
  if (typeof after === 'object' && 'problem' in after) return after;
  const problem = placeFault(given, bounds);
  if (problem) return { problem };
  const { limit = limitDefault, showId, types, partition } = given;
  const wanted = types === undefined ? undefined : parseTypes(types);
  if (types !== undefined && !wanted) return { problem: badTypes };
  return {
    asked: {
      after,
      limit,
      ...(showId !== undefined && { showId: validShowId(showId) }),
      ...(wanted && { types: wanted }),
      ...(partition !== undefined && { partition }),
    },
  };
};

const parseAfter = (
  text: string | undefined,
  { pair }: FeedBounds,
): FeedRequest['after'] | { readonly problem: Problem } => {
  if (text === undefined || text === 'now') return text;
  const cursor = parseCursor(text);
  if (!cursor) return { problem: badCursor };
  return cursor.pair === pair ? cursor : { problem: foreignCursor };
};

const placeFault = ({ showId, partition }: Asked, { partitions }: FeedBounds): Problem | undefined => {
  if (partition !== undefined && partition >= partitions) return noSuchPartition(partitions);
  const isOne = partition !== undefined || showId !== undefined;
  return isOne || partitions <= partitionsMax ? undefined : tooManyPartitions;
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
const noSuchPartition = (partitions: number): Problem =>
  invalidRequest([
    { pointer: '?partition', detail: `must be one of the ${partitions} partitions, 0 to ${partitions - 1}` },
  ]);
const tooManyPartitions = invalidRequest([
  {
    pointer: '?partition',
    detail: `must be given: more than ${partitionsMax} partitions cannot be read at once`,
  },
]);
