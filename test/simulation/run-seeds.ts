import { isClientAction } from './is-client-action.ts';
import { makePlan } from './make-plan.ts';
import type { Action } from './plan.ts';
import { runPlan } from './run-plan.ts';

export interface FailedSeed {
  readonly seed: number;
  readonly invariant: string;
}

export interface Tally {
  readonly runs: number;
  readonly happened: number;
  readonly decisions: number;
  readonly faults: number;
  readonly found: readonly FailedSeed[];
}

export interface RunOptions {
  readonly steps: number;
  /** Stops after this many failures; each is examined by itself afterwards. */
  readonly foundMax?: number;
  /** Leaves out what makes one run in ten a long one. */
  readonly onlyShort?: boolean;
}

export const runSeeds = async (
  { steps, foundMax = 5, onlyShort = false }: RunOptions,
  from: number,
  runs: number,
): Promise<Tally> => {
  const tally = { runs: 0, happened: 0, decisions: 0, faults: 0 };
  const found: FailedSeed[] = [];
  for (let seed = from; seed < from + runs && found.length < foundMax; seed += 1) {
    const plan = makePlan(seed, steps, { onlyShort });
    const { happened, decisions, broken } = await runPlan(plan, { keepTrace: false });
    tally.runs += 1;
    tally.happened += happened;
    tally.decisions += decisions;
    tally.faults += plan.actions.filter(isFault).length;
    const first = broken[0];
    if (first) found.push({ seed, invariant: first.invariant });
  }
  return { ...tally, found };
};

/** Taking a snapshot for a later fault is harmless. */
const isFault = (action: Action): boolean => !isClientAction(action) && action.type !== 'remember';
