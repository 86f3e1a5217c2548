import { Buffer } from 'node:buffer';
import {
  parseRequestId,
  parseReservationId,
  parseShowId,
  type RequestId,
  type ReservationId,
  type ShowId,
} from '../../domain/ids.ts';
import { newStreamId, type StreamId } from '../../domain/stream-id.ts';

/** A row as the driver gives it to a statement in sql/: BIGINT as decimal text, BINARY as Buffer. */
export type Row = Readonly<Record<string, unknown>>;

const SHOWN_MAX = 60;

/**
 * The error for a column whose value this build does not know: edited by hand, or written by a newer build. It concerns its
 * own row only (try-decode.ts).
 */
const wrong = (column: string, value: unknown): Error =>
  new Error(`column ${column} holds ${shown(value)}, which this version cannot read`);

const shown = (value: unknown): string => {
  const text = Buffer.isBuffer(value) ? `0x${value.toString('hex')}` : String(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
};

/** Decodes a column's value. Throws an error that names the column where this build does not know the value. */
export type ReadValue<T> = (column: string, value: unknown) => T;

export const readText: ReadValue<string> = (column, value) => {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  throw wrong(column, value);
};

export const readNumber: ReadValue<number> = (column, value) => {
  const number = Number(value);
  if (value === null || !Number.isSafeInteger(number)) throw wrong(column, value);
  return number;
};

export const readBytes: ReadValue<Buffer> = (column, value) => {
  if (Buffer.isBuffer(value)) return value;
  throw wrong(column, value);
};

/** The decimal digits of a number that may be beyond 2^53. */
export const readDigits: ReadValue<string> = (column, value) => {
  const text = String(value);
  if (!/^\d+$/.test(text)) throw wrong(column, value);
  return text;
};

/** A value that one of the domain's parse functions accepts. */
export const readAs =
  <T>(parse: (text: string) => T | undefined): ReadValue<T> =>
  (column, value) => {
    const parsed = parse(readText(column, value));
    if (parsed === undefined) throw wrong(column, value);
    return parsed;
  };

const readUuid: ReadValue<string> = (column, value) => {
  const hex = readBytes(column, value).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const readIdAs =
  <T>(parse: (text: string) => T | undefined): ReadValue<T> =>
  (column, value) => {
    const id = parse(readUuid(column, value));
    if (id === undefined) throw wrong(column, value);
    return id;
  };

export const readShowId: ReadValue<ShowId> = readIdAs(parseShowId);
export const readReservationId: ReadValue<ReservationId> = readIdAs(parseReservationId);
export const readRequestId: ReadValue<RequestId> = readIdAs(parseRequestId);

export const isNull = (row: Row, column: string): boolean => row[column] === null;

export const textIn = (row: Row, column: string): string => readText(column, row[column]);
export const numberIn = (row: Row, column: string): number => readNumber(column, row[column]);
export const bytesIn = (row: Row, column: string): Buffer => readBytes(column, row[column]);

/** A stream id from two columns, e.g. watermark_ms and watermark_seq. */
export const streamIdIn = (row: Row, prefix: string): StreamId => {
  const [ms, seq] = [`${prefix}_ms`, `${prefix}_seq`];
  return newStreamId(readDigits(ms, row[ms]), readDigits(seq, row[seq]));
};

/** Sixteen bytes as the text of a UUID, whether or not it is an id of ours. */
export const uuidIn = (row: Row, column: string): string => readUuid(column, row[column]);

export const showIdIn = (row: Row, column: string): ShowId => readShowId(column, row[column]);
export const reservationIdIn = (row: Row, column: string): ReservationId =>
  readReservationId(column, row[column]);
export const requestIdIn = (row: Row, column: string): RequestId => readRequestId(column, row[column]);
