import { newStreamId, type StreamId } from '../../../src/domain/stream-id.ts';
import type { PartitionState } from './partition-state.ts';
import { isAfter } from './places.ts';

/**
 * XADD with `*`: the id is the server's time, but always above the last id, however far the clock went back.
 */
export const appendEntry = (state: PartitionState, fields: readonly Buffer[], nowMs: number): StreamId =>
  appendEntryAt(state, fields, nextId(state.lastId, nowMs));

/** XADD with an id. */
export const appendEntryAt = (
  state: PartitionState,
  fields: readonly Buffer[],
  streamId: StreamId,
): StreamId => {
  if (!isAfter(streamId, state.lastId)) throw new Error(`the id ${streamId} is not above ${state.lastId}`);
  state.entries.push({ streamId, fields });
  state.lastId = streamId;
  state.added += 1;
  return streamId;
};

const nextId = (last: StreamId, nowMs: number): StreamId => {
  const fresh = newStreamId(nowMs, 0);
  if (isAfter(fresh, last)) return fresh;
  const [ms = '0', sequence = '0'] = last.split('-');
  return newStreamId(ms, String(BigInt(sequence) + 1n));
};
