import type { Act } from './load-curve.ts';

/** The state at one moment of the scenario. */
export interface Moment {
  /** Of the story, in seconds. */
  readonly atSeconds: number;
  readonly act: Act;
  readonly lag: number;
  readonly wanted: number;
  /** What the rules came to, at the most so many as the machine bears. */
  readonly told: number;
  /** Projectors that are ready. */
  readonly running: number;
}

/** A partition that changed hands. */
export interface HandOver {
  /** Of the story, in seconds. */
  readonly atSeconds: number;
  readonly partition: number;
  /** Milliseconds of the clock on the wall between two commits, the last one before and the first one after. */
  readonly gapMs: number;
}

export interface Timeline {
  readonly moments: readonly Moment[];
  readonly handOvers: readonly HandOver[];
}
