import type { Config } from '../../config.ts';
import type { Logger } from '../../domain/ports.ts';
import type { ServerTime } from '../../domain/server-time.ts';
import { inTime } from '../../shared/in-time.ts';
import type { Telemetry } from '../../telemetry/open-telemetry.ts';
import type { PairGuard } from '../pair/guard-pair.ts';
import type { Role } from '../roles.ts';

/** Options of every part of a process. */
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

/** The state of a part's dependencies: each is 'ok', `degraded` with what is wrong although it works, or why it does not work. */
export interface PartCheck {
  /** One line for each dependency. */
  readonly lines: Readonly<Record<string, string>>;
  /** The states that each role of the part needs. Left out where every role of the process needs all lines. */
  readonly roles?: { readonly [Name in Role]?: readonly string[] };
}

/** One part of a running process: it is ready or not, and it is closed at the end. */
export interface ProcessPart {
  readonly check: () => Promise<PartCheck>;
  /** The port, if it listens. */
  readonly port?: number;
  /** One line for each of its loops that has stopped; needs no server. */
  readonly stuck?: () => Readonly<Record<string, string>>;
  /** The clocks of its Redis. */
  readonly serverTimes?: () => Promise<readonly ServerTime[]>;
  /** Ends after the work in flight. Never rejects. */
  readonly close: () => Promise<void>;
}

export const ok = 'ok';

const degradedMark = 'degraded: ';
export const degraded = (why: string): string => degradedMark + why;
export const isDegraded = (state: string): boolean => state.startsWith(degradedMark);

/** Balancers seldom wait longer than two seconds. A longer check of a silent server would make them take this process out. */
const answerLimit = { limitMs: 1_500, message: 'no answer within 1.5 s' };

/** 'ok' when the promise is fulfilled in time, otherwise its error in one line. */
export const stateOf = async (working: Promise<unknown>): Promise<string> => {
  try {
    await inTime(working, answerLimit);
    return ok;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
