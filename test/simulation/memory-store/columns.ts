import { Buffer } from 'node:buffer';
import { badJson, notNull, outOfRange, tooLong } from './server-error.ts';

/**
 * Conversion of one value to a column, from JSON or from statement text: it is stored whole or refused, never
 * truncated.
 */

const INT_MAX = 2_147_483_647;
const hexDigits = /^(?:[0-9a-f]{2})+$/;

const whole = (value: unknown, column: string): string => {
  if (value === null || value === undefined) throw notNull(column);
  const text = String(value);
  if (!text.isWellFormed()) throw badJson();
  return text;
};

/** VARCHAR: the limit is in characters. */
export const textFor = (value: unknown, column: string, charactersMax: number): string => {
  const text = whole(value, column);
  if (text.length > charactersMax && [...text].length > charactersMax) throw tooLong(column);
  return text;
};

/** VARBINARY, TEXT: the limit is in bytes. */
export const bytesFor = (value: unknown, column: string, bytesMax: number): string => {
  const text = whole(value, column);
  if (text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax) throw tooLong(column);
  return text;
};

/** BINARY(16) and the like, from UNHEX, which returns NULL for text that is not hex; stored as hex. */
export const idFor = (value: unknown, column: string, bytes = 16): string => {
  const text = whole(value, column);
  if (!hexDigits.test(text)) throw notNull(column);
  if (text.length > 2 * bytes) throw tooLong(column);
  return text;
};

/** A number up to 2^53, the largest that JSON carries exactly. */
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
