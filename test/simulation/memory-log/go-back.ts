import type { StreamId } from '../../../src/domain/stream-id.ts';
import type { PartitionState } from './partition-state.ts';
import { countUpTo, lowerOf } from './places.ts';

/**
 * A fail-over to a server that has nothing after `id`: entries, position and last id go back, and the note
 * about late entries is lost.
 */
export const goBack = (state: PartitionState, id: StreamId): void => {
  const kept = countUpTo(state.entries, id);
  state.added -= state.entries.length - kept;
  state.entries = state.entries.slice(0, kept);
  state.lastId = id;
  state.position = state.position && lowerOf(state.position, id);
  state.lateFrom = undefined;
};
