import type { ByName } from '../cpu-time.ts';
import type { Bench } from '../parts/part.ts';
import type { Build } from '../sides/build.ts';

/** The result of one turn of one build. */
export interface Outcome {
  /** CPU time per request, by process. */
  readonly cpuMicros: ByName;
  /** Speed figures: the first is printed during the run. */
  readonly figures: readonly Figure[];
}

export interface Figure {
  readonly figure: string;
  readonly unit: string;
  readonly value: number;
}

/** A load that one build handles on empty servers of its own; it is compared with another build's turn. */
export interface Trial {
  /** Its name in the last lines of a run. */
  readonly name: string;
  /** Determines, before the first turn, the parameters that both sides share. */
  readonly prepare?: (build: Build, bench: Bench) => Promise<void>;
  readonly play: (build: Build, bench: Bench) => Promise<Outcome>;
}

export const otherAnswers = (value: number): Figure => ({
  figure: 'beside it: refused or failed',
  unit: 'requests',
  value,
});
