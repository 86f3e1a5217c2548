import { Buffer } from 'node:buffer';
import {
  parseRequestId,
  parseReservationId,
  parseShowId,
  type RequestId,
  type ReservationId,
  type ShowId,
} from '../domain/ids.ts';
import { newStreamId, type StreamId } from '../domain/stream-id.ts';

/** A row as the driver gives it: BIGINT as decimal text, BINARY as Buffer. */
export type Row = Readonly<Record<string, unknown>>;

const SHOWN_MAX = 60;

/**
 * A column that is not what this build knows: edited by hand, or a word of a newer build. Never a value to go on with,
 * and the fault of its row alone (try-decode.ts).
 */
const wrong = (row: Row, column: string): Error =>
  new Error(`column ${column} holds ${shown(row[column])}, which this version cannot read`);

const shown = (value: unknown): string => {
  const text = Buffer.isBuffer(value) ? `0x${value.toString('hex')}` : String(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
};

export const isNull = (row: Row, column: string): boolean => row[column] === null;

export const textIn = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  throw wrong(row, column);
};

export const numberIn = (row: Row, column: string): number => {
  const value = Number(row[column]);
  if (row[column] === null || !Number.isSafeInteger(value)) throw wrong(row, column);
  return value;
};

export const bytesIn = (row: Row, column: string): Buffer => {
  const value = row[column];
  if (Buffer.isBuffer(value)) return value;
  throw wrong(row, column);
};

const digitsIn = (row: Row, column: string): string => {
  const value = String(row[column]);
  if (!/^\d+$/.test(value)) throw wrong(row, column);
  return value;
};

/** From two columns, e.g. watermark_ms and watermark_seq. */
export const streamIdIn = (row: Row, prefix: string): StreamId =>
  newStreamId(digitsIn(row, `${prefix}_ms`), digitsIn(row, `${prefix}_seq`));

/** Sixteen bytes as the text of a UUID, whether or not it is an id of ours. */
export const uuidIn = (row: Row, column: string): string => {
  const hex = bytesIn(row, column).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** A value that one of the domain's parse functions accepts. */
export const parsedIn = <T>(row: Row, column: string, parse: (text: string) => T | undefined): T => {
  const value = parse(textIn(row, column));
  if (value === undefined) throw wrong(row, column);
  return value;
};

export const showIdIn = (row: Row, column: string): ShowId => {
  const id = parseShowId(uuidIn(row, column));
  if (id === undefined) throw wrong(row, column);
  return id;
};

export const reservationIdIn = (row: Row, column: string): ReservationId => {
  const id = parseReservationId(uuidIn(row, column));
  if (id === undefined) throw wrong(row, column);
  return id;
};

export const requestIdIn = (row: Row, column: string): RequestId => {
  const id = parseRequestId(uuidIn(row, column));
  if (id === undefined) throw wrong(row, column);
  return id;
};
