import type { ByName } from '../cpu-time.ts';
import type { Bench } from '../parts/part.ts';
import type { Build } from '../sides/build.ts';

/** What one turn of one build came to. */
export interface Outcome {
  /** CPU time of each request, by process. */
  readonly cpuMicros: ByName;
  /** How fast it was: the first is told while the run goes on. */
  readonly figures: readonly Figure[];
}

export interface Figure {
  readonly figure: string;
  readonly unit: string;
  readonly value: number;
}

/** A load that one build plays, on servers that hold nothing and are its own; another build's turn is compared with it. */
export interface Trial {
  /** What the last lines of a run call it. */
  readonly name: string;
  /** Finds out before the first turn what both sides are to be given alike. */
  readonly prepare?: (build: Build, bench: Bench) => Promise<void>;
  readonly play: (build: Build, bench: Bench) => Promise<Outcome>;
}

export const otherAnswers = (value: number): Figure => ({
  figure: 'beside it: refused or failed',
  unit: 'requests',
  value,
});
