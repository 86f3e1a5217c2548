import { Buffer } from 'node:buffer';
import type { Row } from '../../../src/store/database/columns.ts';
import type { Values } from '../../../src/store/database/session.ts';
import type { MemoryTransaction } from './memory-transaction.ts';

/** The effect of a statement at the server; `values` are its parameters in order. */
export type Change = (transaction: MemoryTransaction, values: Values) => number;
export type Query = (transaction: MemoryTransaction, values: Values) => readonly Row[];

export type RowValues = readonly unknown[];

/**
 * A JSON array as JSON_TABLE reads it: an element's columns by index, a scalar element as its only column.
 */
export const parseElements = (values: Values, at: number): readonly RowValues[] =>
  (JSON.parse(textAt(values, at)) as readonly unknown[]).map((element) =>
    Array.isArray(element) ? (element as RowValues) : [element],
  );

export const textAt = (values: Values, at: number): string => {
  const value = values[at];
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  throw new Error(`parameter ${at + 1} is neither text nor bytes`);
};

export const numberAt = (values: Values, at: number): number => Number(textAt(values, at));

/** BINARY as hex. */
export const hexAt = (values: Values, at: number): string => {
  const value = values[at];
  if (Buffer.isBuffer(value)) return value.toString('hex');
  throw new Error(`parameter ${at + 1} is not bytes`);
};

export const binary = (hex: string): Buffer => Buffer.from(hex, 'hex');

export const binaryOrNull = (hex: string | null): Buffer | null => (hex === null ? null : binary(hex));
