import type { Fleet } from './fleet.ts';
import type { History } from './history.ts';
import type { RedisPair } from './redis-pair.ts';
import type { PlannedFault } from './schedule.ts';
import type { OwnerLoss } from './take-overs.ts';
import type { DecisionWatch } from './watch-decisions.ts';
import type { Mariadb, ServerUrls } from './world.ts';

/** The targets of faults. */
export interface Victims {
  readonly fleet: Fleet;
  readonly redis: RedisPair;
  readonly mariadb: Mariadb;
  readonly history: History;
  readonly watch: DecisionWatch;
  /** The servers' own addresses, past the proxies. */
  readonly urls: () => ServerUrls;
  /** Records which owners have gone, and when. */
  readonly lost: (loss: OwnerLoss) => void;
  /** Resolves after `ms`; rejects when the drill is interrupted. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Observations during a fault. */
export interface FaultReport {
  readonly notes: readonly string[];
  /** Promises that were visibly broken. */
  readonly wrong: readonly string[];
}

export type Fault = (planned: PlannedFault, victims: Victims) => Promise<FaultReport>;

export const nothingSeen: FaultReport = { notes: [], wrong: [] };

/** A check during a fault: a note if it holds, otherwise a broken promise. */
export const seen = (what: string, holds: 'holds' | 'broken'): FaultReport =>
  holds === 'holds' ? { notes: [what], wrong: [] } : { notes: [], wrong: [what] };
