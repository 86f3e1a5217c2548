import { Buffer } from 'node:buffer';
import { badJson, notNull, outOfRange, tooLong } from './server-error.ts';

/**
 * What becomes of one value on its way into a column, in JSON or as text of a statement: it is kept whole or refused,
 * never cut.
 */

const INT_MAX = 2_147_483_647;
const hexDigits = /^(?:[0-9a-f]{2})+$/;

const whole = (value: unknown, column: string): string => {
  if (value === null || value === undefined) throw notNull(column);
  const text = String(value);
  if (!text.isWellFormed()) throw badJson();
  return text;
};

/** VARCHAR: characters count. */
export const textFor = (value: unknown, column: string, charactersMax: number): string => {
  const text = whole(value, column);
  if (text.length > charactersMax && [...text].length > charactersMax) throw tooLong(column);
  return text;
};

/** VARBINARY, TEXT: bytes count. */
export const bytesFor = (value: unknown, column: string, bytesMax: number): string => {
  const text = whole(value, column);
  if (text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax) throw tooLong(column);
  return text;
};

/** BINARY(16) and its like from UNHEX, which makes null of what is no hex; kept as hex. */
export const idFor = (value: unknown, column: string, bytes = 16): string => {
  const text = whole(value, column);
  if (!hexDigits.test(text)) throw notNull(column);
  if (text.length > 2 * bytes) throw tooLong(column);
  return text;
};

/** A number of up to 2^53, which is what JSON carries. */
export const numberFor = (value: unknown, column: string): number => {
  const number = Number(whole(value, column));
  if (!Number.isSafeInteger(number)) throw outOfRange(column);
  return number;
};

export const intFor = (value: unknown, column: string): number => {
  const number = numberFor(value, column);
  if (Math.abs(number) > INT_MAX) throw outOfRange(column);
  return number;
};

/** BIGINT UNSIGNED as decimal text. */
export const digitsFor = (value: unknown, column: string): string => {
  const text = whole(value, column);
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 1n << 64n) throw outOfRange(column);
  return text;
};

export const orNull = <T>(
  value: unknown,
  column: string,
  read: (value: unknown, column: string) => T,
): T | null => (value === null || value === undefined ? null : read(value, column));
