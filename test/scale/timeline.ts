import type { Act } from './load-curve.ts';

/** The state at one moment of the scenario. */
export interface Moment {
  /** Seconds of the story. */
  readonly atSeconds: number;
  readonly act: Act;
  readonly lag: number;
  readonly wanted: number;
  /** The number that the rules gave, limited to what the machine can run. */
  readonly told: number;
  /** Projectors that are ready. */
  readonly running: number;
}

/** A partition that changed its owner. */
export interface HandOver {
  /** Seconds of the story. */
  readonly atSeconds: number;
  readonly partition: number;
  /** Milliseconds of real time between the last commit of the former owner and the first of the new one. */
  readonly gapMs: number;
}

export interface Timeline {
  readonly moments: readonly Moment[];
  readonly handOvers: readonly HandOver[];
}
