import type { Fault, FaultReport, Victims } from './faults.ts';
import {
  killApi,
  killProjector,
  pauseApi,
  pauseProjector,
  pauseProjectorBeyondLease,
  scaleProjectors,
} from './process-faults.ts';
import type { FaultKind, PlannedFault } from './schedule.ts';
import {
  changeSidesOfMariadb,
  changeSidesOfRedis,
  failOverMariadb,
  failOverRedis,
  fillRedis,
  killMariadb,
  killRedis,
  restartMariadb,
  restartRedis,
  stopMariadb,
} from './server-faults.ts';
import {
  cutMariadb,
  cutRedis,
  delayMariadb,
  delayRedis,
  loseRepliesOfMariadb,
  loseRepliesOfRedis,
} from './wire-faults.ts';

const faults: Readonly<Record<FaultKind, Fault>> = {
  'kill-projector': killProjector,
  'pause-projector': pauseProjector,
  'pause-projector-beyond-lease': pauseProjectorBeyondLease,
  'kill-api': killApi,
  'pause-api': pauseApi,
  'restart-redis': restartRedis,
  'kill-redis': killRedis,
  'fail-over-redis': failOverRedis,
  'change-sides-of-redis': changeSidesOfRedis,
  'fill-redis': fillRedis,
  'restart-mariadb': restartMariadb,
  'kill-mariadb': killMariadb,
  'stop-mariadb': stopMariadb,
  'fail-over-mariadb': failOverMariadb,
  'change-sides-of-mariadb': changeSidesOfMariadb,
  'cut-redis': cutRedis,
  'cut-mariadb': cutMariadb,
  'delay-redis': delayRedis,
  'delay-mariadb': delayMariadb,
  'lose-replies-of-redis': loseRepliesOfRedis,
  'lose-replies-of-mariadb': loseRepliesOfMariadb,
  'scale-projectors': scaleProjectors,
};

/** Injects the fault and waits until it has ended. */
export const inject = (planned: PlannedFault, victims: Victims): Promise<FaultReport> =>
  faults[planned.kind](planned, victims);
