import { createHash } from 'node:crypto';
import type { HistoryItem, ParkedEntry } from './contract.ts';
import { halvesOf, hexOf } from './parameter.ts';
import { numberIn, type Row, streamIdIn, textIn } from './row.ts';

const RAW_BYTES_MAX = 64 * 1024;
const WHY_LENGTH_MAX = 1_000;

/** What insert-parked.sql takes, in its order. */
export const parkedElement = (entry: ParkedEntry): unknown[] => [
  ...halvesOf(entry.streamId),
  createHash('sha256').update(entry.raw).digest('hex'),
  entry.requestId === undefined ? null : hexOf(entry.requestId),
  entry.raw.subarray(0, RAW_BYTES_MAX).toString('hex'),
  // An error message may quote anything, half a surrogate pair included, which would fail the statement.
  entry.why.slice(0, WHY_LENGTH_MAX).toWellFormed(),
  entry.attempts,
  entry.parkedAtMs,
];

export const parkedItemOf = (row: Row): HistoryItem => ({
  type: 'parked',
  streamId: streamIdIn(row, 'stream'),
  why: textIn(row, 'reason'),
  parkedAtMs: numberIn(row, 'parked_at_ms'),
});
