import { compareStreamIds, type StreamId } from '../../../src/domain/stream-id.ts';
import type { StoredEntry } from './partition-state.ts';

export const isAfter = (a: StreamId, b: StreamId): boolean => compareStreamIds(a, b) > 0;

export const lowerOf = (a: StreamId, b: StreamId | undefined): StreamId =>
  b === undefined || isAfter(b, a) ? a : b;

/** The index of the first entry above `place`, i.e. the number of entries at or below it. */
export const countUpTo = (entries: readonly StoredEntry[], place: StreamId): number => {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry && isAfter(entry.streamId, place)) high = middle;
    else low = middle + 1;
  }
  return low;
};
