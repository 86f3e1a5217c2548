import type { Trial } from '../against/trial.ts';
import type { PairedPart } from '../part-names.ts';
import { atOnceTrials } from './at-once.ts';
import { drainTrials } from './drain.ts';
import { growthTrials } from './growth.ts';
import { holdsTrials } from './holds.ts';
import { latencyTrials } from './latency.ts';
import { readsTrials } from './reads.ts';
import { refusalsTrials } from './refusals.ts';
import { throughputTrials } from './throughput.ts';
import { variantsTrials } from './variants.ts';

/** The trials in which a part compares two builds. */
export const trialsOf: Readonly<Record<PairedPart, readonly Trial[]>> = {
  throughput: throughputTrials,
  variants: variantsTrials,
  latency: latencyTrials,
  'at-once': atOnceTrials,
  refusals: refusalsTrials,
  reads: readsTrials,
  drain: drainTrials,
  holds: holdsTrials,
  growth: growthTrials,
};
