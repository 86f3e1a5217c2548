import { limits } from './limits.ts';

declare const brand: unique symbol;
type Brand<Name extends string> = { readonly [brand]: Name };

/** A UUIDv8 in lower case: 48 bits of time (ms), 12 bits of partition, 62 bits chosen by the process that made it. */
export type RequestId = string & { readonly [brand]: string };
export type ShowId = string & Brand<'ShowId'>;
export type ReservationId = string & Brand<'ReservationId'>;
export type PoolId = string & Brand<'PoolId'>;
export type CustomerId = string & Brand<'CustomerId'>;

const uuidV8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const poolIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

export const parseShowId = (text: string): ShowId | undefined =>
  uuidV8.test(text) ? (text as ShowId) : undefined;

export const parseReservationId = (text: string): ReservationId | undefined =>
  uuidV8.test(text) ? (text as ReservationId) : undefined;

export const parseRequestId = (text: string): RequestId | undefined =>
  uuidV8.test(text) ? (text as RequestId) : undefined;

export const parsePoolId = (text: string): PoolId | undefined =>
  poolIdPattern.test(text) ? (text as PoolId) : undefined;

/** Bytes, not characters, because that is what the column holds; a lone surrogate would break a whole batch. */
export const parseCustomerId = (text: string): CustomerId | undefined => {
  const bytes = text.isWellFormed() ? utf8Length(text) : 0;
  return bytes >= 1 && bytes <= limits.customerIdBytes ? (text as CustomerId) : undefined;
};

const utf8Length = (text: string): number => {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};

/** How an id names its partition. Both servers store this name: a version with another rule would use other streams. */
export const partitionRule = 'uuidv8-12-bits';

/** The partition in the id: a request is routed by its id alone, without a look-up. */
export const partitionOf = (id: RequestId | ShowId | ReservationId): number =>
  Number.parseInt(id.slice(15, 18), 16);

/** When the id was made, by the clock of the process that made it (ms since the epoch). */
export const madeAtMs = (id: RequestId | ShowId | ReservationId): number =>
  Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** The bits of a UUIDv8: `tail` is 62 bits as 16 hex digits, the top two of which are ignored. */
export const newUuidText = (parts: { timeMs: number; partition: number; tail: string }): string => {
  const variant = ((Number.parseInt(parts.tail.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
  const { tail } = parts;
  return `${newUuidHead(parts.timeMs, parts.partition)}${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
};

/** Time, version and partition of a UUIDv8, with the dash after them. */
export const newUuidHead = (timeMs: number, partition: number): string => {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-8${partition.toString(16).padStart(3, '0')}-`;
};
