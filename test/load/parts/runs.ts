import type { PartName } from '../part-names.ts';
import { atOnce } from './at-once.ts';
import { batch } from './batch.ts';
import { cold } from './cold.ts';
import { drain } from './drain.ts';
import { feed } from './feed.ts';
import { growth } from './growth.ts';
import { holds } from './holds.ts';
import { latency } from './latency.ts';
import type { RunPart } from './part.ts';
import { promises } from './promises.ts';
import { reads } from './reads.ts';
import { refusals } from './refusals.ts';
import { soak } from './soak.ts';
import { telemetry } from './telemetry.ts';
import { throughput } from './throughput.ts';
import { variants } from './variants.ts';
import { waiters } from './waiters.ts';

export const runsOf: Readonly<Record<PartName, RunPart>> = {
  throughput,
  promises,
  variants,
  batch,
  telemetry,
  latency,
  'at-once': atOnce,
  cold,
  waiters,
  feed,
  refusals,
  reads,
  drain,
  holds,
  growth,
  soak,
};
