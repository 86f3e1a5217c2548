import Type from 'typebox';
import type { PoolId, ReservationId, ShowId } from '../../domain/ids.ts';
import { limits } from '../../domain/limits.ts';

/** Patterns, and a description of each for people: "must match ^[0-9a-f]…" helps no client. */
export const patterns = {
  givenUuid: '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-8[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$',
  uuid: '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  poolId: '^[A-Za-z0-9_-]{1,64}$',
  // A lone surrogate is not a valid character: in the tables it would make the whole batch fail.
  wellFormed: '^\\P{Cs}*$',
  cursor: '^[A-Za-z0-9_-]{22}$',
  // A quoted string of RFC 8941, or the same without quotes, as most clients send it. Two joined headers
  // match neither form.
  idempotencyKey: '^(?:"(?:[ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-+\\--:<-\\[\\]-~]{1,255})$',
} as const;

export const patternWords: ReadonlyMap<string, string> = new Map([
  [patterns.uuid, 'must be an id that this service gave'],
  [patterns.givenUuid, 'must be an id that this service gave'],
  [patterns.poolId, 'must be 1 to 64 of the characters A-Z a-z 0-9 _ -'],
  [patterns.wellFormed, 'must be well-formed Unicode'],
  [patterns.cursor, 'must be a nextCursor that this service gave'],
  [patterns.idempotencyKey, 'must be one quoted string, or one token, of 1 to 255 characters'],
]);

// The patterns equal those of parseShowId and the like (a test compares them), so a value that passed has the
// branded type.
export const showIdField = Type.Unsafe<ShowId>(Type.String({ pattern: patterns.uuid }));
export const reservationIdField = Type.Unsafe<ReservationId>(Type.String({ pattern: patterns.uuid }));
export const poolIdField = Type.Unsafe<PoolId>(Type.String({ pattern: patterns.poolId }));

export const nameField = Type.String({
  minLength: 1,
  maxLength: limits.nameLength,
  pattern: patterns.wellFormed,
});

export const referenceField = Type.String({
  maxLength: limits.referenceLength,
  pattern: patterns.wellFormed,
  description: 'Yours to choose, e.g. an order number. Not unique.',
});

export const timeField = Type.String({ format: 'date-time', description: 'RFC 3339, UTC, milliseconds.' });

/** The client may send any precision and offset; only the instant counts. */
export const requestTimeField = Type.String({
  format: 'date-time',
  description:
    'RFC 3339, in any offset, in the years 0001 to 9999. A suffix as in `[Europe/Berlin]` (RFC 9557) is left aside, or checked where it is marked critical: `[!Europe/Berlin]`.',
});

export const lineField = Type.Object(
  {
    poolId: poolIdField,
    quantity: Type.Integer({ minimum: 1, maximum: limits.quantityPerLine }),
  },
  { additionalProperties: false },
);

/** A line as it is answered: several lines of one pool were summed. */
export const responseLine = Type.Object({ poolId: poolIdField, quantity: Type.Integer({ minimum: 1 }) });

export const idempotencyKeyHeader = {
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: patterns.idempotencyKey,
      description:
        'Yours to choose, unique for each command: repeated with it, a command acts once. What was decided then is answered, with the reservation or show as it is now. 1 to 255 characters, quoted or not; remembered for 24 hours. Where the service asks for one with every POST, 400 `key-required` without.',
    }),
  ),
};

/** Of one request of a call of many. */
export const keyField = Type.String({
  pattern: patterns.idempotencyKey,
  description:
    'What the header Idempotency-Key is to a call of one: the same key, of the same customer, in either place.',
});

/**
 * A body that may be absent: OpenAPI says `required: false`, and the validator accepts an empty body as
 * absent.
 */
export const optionalBody = { 'x-optional-body': true } as const;

/**
 * Without a pattern: a malformed id is answered by the route as not found, where a pattern would make it 400.
 */
export const idParameters = Type.Object({ id: Type.String() });
