import { beforeAll, laterOf, newStreamId, type StreamId } from '../../../src/domain/stream-id.ts';
import type { PartitionState } from './partition-state.ts';
import { isAfter } from './places.ts';

interface Lifting {
  readonly watermark: StreamId;
  readonly judgedMs: number;
  readonly nowMs: number;
}

/** What lift.lua does for the owner of the lease. */
export const liftStream = (
  state: PartitionState,
  { watermark, judgedMs, nowMs }: Lifting,
): 'current' | 'lifted' => {
  const groupLost = state.position === undefined && watermark !== beforeAll;
  const wentBack = isAfter(watermark, state.lastId);
  state.position ??= beforeAll;
  if (wentBack) state.lastId = watermark;
  if (nowMs < judgedMs) state.lastId = laterOf(state.lastId, newStreamId(judgedMs, 0));
  return groupLost || wentBack ? 'lifted' : 'current';
};
