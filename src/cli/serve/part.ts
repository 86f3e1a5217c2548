import type { Config } from '../../config.ts';
import type { Logger } from '../../domain/ports.ts';
import type { ServerTime } from '../../domain/server-time.ts';
import { inTime } from '../../shared/in-time.ts';
import type { Telemetry } from '../../telemetry/open-telemetry.ts';
import type { PairGuard } from '../pair/guard-pair.ts';
import type { Role } from '../roles.ts';

/** What every part of a process is opened with. */
export interface PartOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly processId: string;
  readonly telemetry: Telemetry;
  /** Compares every connection with the pair this process was started on. */
  readonly pair: PairGuard;
  /** Aborted when the process begins to stop. */
  readonly stopping: AbortSignal;
}

/** How what a part rests on stands: each state 'ok', what is not as it should be though it works (`degraded`), or why it does not work. */
export interface PartCheck {
  /** One line a dependency. */
  readonly lines: Readonly<Record<string, string>>;
  /** The states that each role of the part needs. Left out where every role of the process needs all lines. */
  readonly roles?: { readonly [Name in Role]?: readonly string[] };
}

/** One part of a running process: something that is ready or not, and is closed at the end. */
export interface ProcessPart {
  readonly check: () => Promise<PartCheck>;
  /** Where it listens, if it does. */
  readonly port?: number;
  /** One line for each loop of it that has stopped going round; asks nobody. */
  readonly stuck?: () => Readonly<Record<string, string>>;
  /** What the clocks of its Redis say. */
  readonly serverTimes?: () => Promise<readonly ServerTime[]>;
  /** Ends after the work in hand. Never rejects. */
  readonly close: () => Promise<void>;
}

export const ok = 'ok';

const degradedMark = 'degraded: ';
export const degraded = (why: string): string => degradedMark + why;
export const isDegraded = (state: string): boolean => state.startsWith(degradedMark);

/** Balancers seldom wait for more than two seconds, and would take out whoever is asked about a server that says nothing. */
const answerLimit = { limitMs: 1_500, message: 'no answer within 1.5 s' };

/** 'ok' when the promise holds in time, its error in one line otherwise. */
export const stateOf = async (working: Promise<unknown>): Promise<string> => {
  try {
    await inTime(working, answerLimit);
    return ok;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
