import type { PartitionState } from './partition-state.ts';

/** The copies are independent; entries never change and are shared. */
export const copyPartition = (state: PartitionState): PartitionState => ({
  ...state,
  entries: [...state.entries],
  boards: new Map(state.boards),
  full: new Map(state.full),
  closings: new Map(state.closings),
});
