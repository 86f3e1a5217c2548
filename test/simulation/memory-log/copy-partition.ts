import type { PartitionState } from './partition-state.ts';

/** Nothing that happens to the one is seen in the other; entries never change and are shared. */
export const copyPartition = (state: PartitionState): PartitionState => ({
  ...state,
  entries: [...state.entries],
  boards: new Map(state.boards),
  full: new Map(state.full),
  closings: new Map(state.closings),
});
