import type { StreamId } from '../../../src/domain/stream-id.ts';
import { isAfter } from './places.ts';
import type { ServerState } from './server-state.ts';

/** Answers every blocking read for which an entry at `id` is new. */
export const ringBells = ({ bells }: ServerState, partition: number, id: StreamId): void => {
  const waiting = bells.get(partition);
  for (const bell of [...(waiting ?? [])]) {
    if (!isAfter(id, bell.after)) continue;
    waiting?.delete(bell);
    bell.ring();
  }
};
