import type { ProcessPart } from './part.ts';
import type { ReadinessOptions } from './readiness.ts';

export interface OpeningSteps {
  /** Resolves to false when the process is stopped before it knows that its servers are a pair. */
  readonly settlePair: () => Promise<boolean>;
  /** Left out where the process is not to warm up. */
  readonly warmUp?: (() => Promise<void>) | undefined;
  readonly openParts: () => Promise<readonly ProcessPart[]>;
  readonly stopping: AbortSignal;
}

export interface Opening {
  /** Empty until the process has warmed up; no role is ready before. */
  readonly parts: () => readonly ProcessPart[];
  readonly state: () => ReadinessOptions['start'];
  /** Whether the parts were opened. A process that is stopped before was never ready. */
  readonly opened: Promise<boolean>;
}

/** Opens the parts of a process: with the right pair of servers, and after its code has been compiled. */
export const openWhenWarm = ({ settlePair, warmUp, openParts, stopping }: OpeningSteps): Opening => {
  let parts: readonly ProcessPart[] = [];
  let state: ReadinessOptions['start'] = 'starting';
  const open = async (): Promise<boolean> => {
    if (!(await settlePair())) return false;
    if (warmUp) {
      state = 'warming up';
      await warmUp();
    }
    if (stopping.aborted) return false;
    parts = await openParts();
    return true;
  };
  return { parts: () => parts, state: () => state, opened: open() };
};
