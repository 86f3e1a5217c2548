import { newStreamId, type StreamId } from '../../../src/domain/stream-id.ts';
import type { Retention } from '../../../src/log/partition/trim.ts';
import type { PartitionState } from './partition-state.ts';
import { isAfter, lowerOf } from './places.ts';

export interface TrimRequest extends Retention {
  readonly watermark: StreamId;
  readonly nowMs: number;
}

/**
 * Same effect as trim.lua, for the owner of the lease. Redis drops whole nodes of a hundred entries and may
 * keep more; here every entry that may be removed is removed, so that code that still needs one fails.
 */
export const trimStream = (state: PartitionState, trimming: TrimRequest): void => {
  if (state.position === undefined) return;
  const cutMs = cutOf(state.entries.length, trimming);
  if (cutMs <= 0) return;
  const decided = lowerOf(lowerOf(trimming.watermark, state.position), state.lateFrom);
  const floor = lowerOf(decided, newStreamId(Math.round(cutMs), 0));
  const kept = state.entries.findIndex(({ streamId }) => !isAfter(floor, streamId));
  state.entries = kept < 0 ? [] : state.entries.slice(kept);
};

const cutOf = (length: number, { nowMs, retentionMs, maxEntries }: TrimRequest): number => {
  const keptMs = length > maxEntries ? (retentionMs * maxEntries) / length : retentionMs;
  return Math.floor(nowMs / 1_000) * 1_000 - keptMs;
};
