import { beforeAll, laterOf, newStreamId, type StreamId } from '../../../src/domain/stream-id.ts';
import type { PartitionState } from './partition-state.ts';
import { countUpTo, isAfter, lowerOf } from './places.ts';

interface LiftRequest {
  readonly watermark: StreamId;
  readonly judgedMs: number;
  readonly inFlightMax: number;
  readonly nowMs: number;
}

/** Same effect as lift.lua, for the owner of the lease. */
export const liftStream = (
  state: PartitionState,
  { watermark, judgedMs, inFlightMax, nowMs }: LiftRequest,
): 'current' | 'lifted' => {
  const groupLost = state.position === undefined && watermark !== beforeAll;
  const wentBack = isAfter(watermark, state.lastId);
  if (wentBack && state.position !== undefined && inFlightMax > 0)
    noteWhatWasInFlight(state, state.position, inFlightMax);
  state.position ??= beforeAll;
  if (wentBack) state.lastId = watermark;
  if (nowMs < judgedMs) state.lastId = laterOf(state.lastId, newStreamId(judgedMs, 0));
  return groupLost || wentBack ? 'lifted' : 'current';
};

const noteWhatWasInFlight = (state: PartitionState, position: StreamId, inFlightMax: number): void => {
  const from = countUpTo(state.entries, position) - inFlightMax;
  const before = from > 0 ? state.entries[from - 1]?.streamId : undefined;
  state.lateFrom = lowerOf(before ?? beforeAll, state.lateFrom);
};
