import { beforeAll, type StreamId } from '../../../src/domain/stream-id.ts';
import type { PartitionState } from './partition-state.ts';
import { isAfter } from './places.ts';

/** What lift.lua does for the owner of the lease. */
export const liftStream = (state: PartitionState, watermark: StreamId): 'current' | 'lifted' => {
  const groupLost = state.position === undefined && watermark !== beforeAll;
  const wentBack = isAfter(watermark, state.lastId);
  state.position ??= beforeAll;
  if (wentBack) state.lastId = watermark;
  return groupLost || wentBack ? 'lifted' : 'current';
};
