import Type from 'typebox';
import {
  type CustomerId,
  type PoolId,
  parseCustomerId,
  parsePoolId,
  parseRequestId,
  parseReservationId,
  parseShowId,
  type RequestId,
  type ReservationId,
  type ShowId,
} from '../../domain/ids.ts';
import { limits } from '../../domain/limits.ts';

/**
 * The basic types of everything the log writes. They use the domain's own parse functions, so that there is
 * only one definition of a valid value.
 */
const text = (isGood: (value: string) => boolean, fault: string) =>
  Type.Refine(Type.String(), isGood, () => fault);

export const closed = { additionalProperties: false } as const;

export const requestIdType = Type.Unsafe<RequestId>(
  text((value) => parseRequestId(value) !== undefined, 'is not a request id'),
);
export const showIdType = Type.Unsafe<ShowId>(
  text((value) => parseShowId(value) !== undefined, 'is not a show id'),
);
export const reservationIdType = Type.Unsafe<ReservationId>(
  text((value) => parseReservationId(value) !== undefined, 'is not a reservation id'),
);
export const poolIdType = Type.Unsafe<PoolId>(
  text((value) => parsePoolId(value) !== undefined, 'is not a pool id'),
);
export const customerIdType = Type.Unsafe<CustomerId>(
  text((value) => parseCustomerId(value) !== undefined, 'is not a customer id'),
);

/**
 * One of the words of a domain union. The record lets the compiler check that none is missing and none is
 * invented.
 */
export const wordType = <Word extends string>(words: Readonly<Record<Word, true>>) =>
  Type.Unsafe<Word>(text((value) => Object.hasOwn(words, value), 'is not a word of this version'));

/**
 * Lengths are in code points, as the database columns count them. A lone surrogate would fail a whole batch
 * in the database.
 */
const wellFormed = (minLength: number, maxLength: number) =>
  Type.Refine(
    Type.String({ minLength, maxLength }),
    (value) => value.isWellFormed(),
    () => 'has a lone surrogate',
  );

export const nameType = wellFormed(1, limits.nameLength);
export const referenceType = wellFormed(0, limits.referenceLength);

export const quantityType = Type.Integer({ minimum: 1, maximum: limits.quantityPerLine });
export const capacityType = Type.Integer({ minimum: 0, maximum: limits.capacity });
export const countType = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** The range of JavaScript's Date. */
export const timeMsType = Type.Integer({ minimum: -8_640_000_000_000_000, maximum: 8_640_000_000_000_000 });
