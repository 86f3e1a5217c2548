import type { Clock, Random } from '../../domain/ports.ts';
import type { Session } from '../database/session.ts';
import type { Differences } from './differences.ts';

/** The stage of a rebuild. Reported often; the receiver decides how much of it to show. */
export type RebuildStage =
  /** Decisions replayed so far, of those there were when last asked. */
  | { readonly type: 'replaying'; readonly decisions: number; readonly of: number }
  | { readonly type: 'comparing'; readonly table: string; readonly rows: number }
  /** New and live tables were compared at one moment; nothing is locked. */
  | { readonly type: 'compared' }
  /** From here on every partition's row is asked for. */
  | { readonly type: 'locking' }
  /** No batch can be committed from here on. */
  | { readonly type: 'holding' }
  /** The new tables hold everything and are about to take the place of the live ones. */
  | { readonly type: 'switching' }
  | { readonly type: 'switched'; readonly heldMs: number }
  /** The end was the database's: tables of the rebuild's own are left. */
  | { readonly type: 'not-dropped'; readonly why: string };

export interface RebuildOptions {
  readonly url: string;
  /** Compares only; nothing is switched. */
  readonly dryRun: boolean;
  /** The former tables stay, under names that end in `_kept_` and the time. */
  readonly keep: boolean;
  /** Decisions replayed in a second at most, so that the sale has the rest of the server. */
  readonly pace: number;
  /** Cancels it: what was made is dropped, and the live tables are as they were. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  /** Awaited, so that it can hold the rebuild up. */
  readonly report: (stage: RebuildStage) => void | Promise<void>;
}

/** A rebuild under way. */
export interface RebuildRun extends RebuildOptions {
  readonly session: Session;
  /** By partition, the last decision that is in the new tables. */
  readonly replayed: Map<number, number>;
  /** Decisions that are. */
  count: number;
  /** By partition, the last decision whose rows were compared. */
  readonly compared: Map<number, number>;
  readonly differences: Differences;
}

/** Waits until so much work fits the pace. */
export const paced = async (
  { pace, clock, signal }: RebuildRun,
  decisions: number,
  tookMs: number,
): Promise<void> => {
  signal.throwIfAborted();
  const restMs = (decisions / pace) * 1_000 - tookMs;
  if (restMs > 0) await clock.sleep(restMs, signal);
  signal.throwIfAborted();
};
