import type { ShowId } from '../../src/domain/ids.ts';
import type { Worked } from '../../src/telemetry/observe-projector.ts';

/** A partition as its owner is observed to work it, before anything was decided but on these shows. */
export const newWorked = (changed: readonly ShowId[] = []): Worked => ({
  beatAtMs: 0,
  watermark: undefined,
  changedShows: new Set(changed),
  decided: 0,
  readings: [],
  settled: [],
});
