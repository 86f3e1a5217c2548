import { createHash } from 'node:crypto';
import { newStreamId } from '../../domain/stream-id.ts';
import type { HistoryItem, ParkedEntry } from '../contract.ts';
import type { ReadableRow, SelectedRow } from '../database/column-types.ts';
import { halvesOf, hexOf } from '../database/parameters.ts';
import { parked } from '../schema.ts';

const RAW_BYTES_MAX = 64 * 1024;
const WHY_LENGTH_MAX = 1_000;

/** The values of a row for insert-parked.sql, in its order. */
export const parkedValues = (entry: ParkedEntry): unknown[] => [
  ...halvesOf(entry.streamId),
  createHash('sha256').update(entry.raw).digest('hex'),
  entry.requestId === undefined ? null : hexOf(entry.requestId),
  entry.raw.subarray(0, RAW_BYTES_MAX).toString('hex'),
  // An error message may quote anything, even half of a surrogate pair, which would fail the statement.
  entry.why.slice(0, WHY_LENGTH_MAX).toWellFormed(),
  entry.attempts,
  entry.parkedAtMs,
];

export const parkedItemColumns = {
  streamMs: parked.streamMs,
  streamSeq: parked.streamSeq,
  reason: parked.reason,
  parkedAtMs: parked.parkedAtMs,
};

export const parkedItemOf = (row: ReadableRow<SelectedRow<typeof parkedItemColumns>>): HistoryItem => ({
  type: 'parked',
  streamId: newStreamId(row.streamMs, row.streamSeq),
  why: row.reason,
  parkedAtMs: row.parkedAtMs,
});
