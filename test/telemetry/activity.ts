import type { ShowId } from '../../src/domain/ids.ts';
import type { PartitionActivity } from '../../src/telemetry/observe-projector.ts';

/** The activity of a partition with decisions on these shows, and nothing else. */
export const newActivity = (changed: readonly ShowId[] = []): PartitionActivity => ({
  beatAtMs: 0,
  watermark: undefined,
  changedShows: new Set(changed),
  decided: 0,
  reads: [],
  committed: [],
});
