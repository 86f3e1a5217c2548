import type { Config } from '../config.ts';
import type { Logger } from '../domain/ports.ts';
import type { Telemetry } from '../telemetry/open-telemetry.ts';

/** What every part of a process is opened with. */
export interface PartOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly processId: string;
  readonly telemetry: Telemetry;
  /** Aborted when the process begins to stop. */
  readonly stopping: AbortSignal;
}

/** One part of a running process: something that is ready or not, and is closed at the end. */
export interface Part {
  /** One line a dependency: 'ok', or why not. */
  readonly check: () => Promise<Readonly<Record<string, string>>>;
  /** One line for each loop of it that has stopped going round; asks nobody. */
  readonly stuck?: () => Readonly<Record<string, string>>;
  /** Ends after the work in hand. Never rejects. */
  readonly close: () => Promise<void>;
}

export const ok = 'ok';

/** 'ok' when the promise holds, its error in one line otherwise. */
export const stateOf = async (working: Promise<unknown>): Promise<string> =>
  await working.then(
    () => ok,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
