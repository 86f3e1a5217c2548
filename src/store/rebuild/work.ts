import type { Clock, Random } from '../../domain/ports.ts';
import type { Session } from '../database/session.ts';
import type { Differences } from './differences.ts';

/** The stage of a rebuild. Reported often; the receiver decides how much of it to show. */
export type RebuildStage =
  /** Decisions replayed so far in this pass, and how many the pass has. */
  | { readonly type: 'replaying'; readonly decisions: number; readonly of: number }
  | { readonly type: 'comparing'; readonly table: string; readonly rows: number }
  /** New and live tables were compared at one moment; nothing is locked. */
  | { readonly type: 'compared' }
  /** The locks on every partition's row are being requested. */
  | { readonly type: 'locking' }
  /** No batch can be committed from here on. */
  | { readonly type: 'holding' }
  /** The new tables hold everything and are about to take the place of the live ones. */
  | { readonly type: 'switching' }
  | { readonly type: 'switched'; readonly heldMs: number }
  /** Dropping the rebuild's own tables failed, so they are left in the database. */
  | { readonly type: 'not-dropped'; readonly why: string };

export interface RebuildOptions {
  readonly url: string;
  /** Compares only; nothing is switched. */
  readonly dryRun: boolean;
  /** The former tables stay, under names that end in `_kept_` and the time. */
  readonly keep: boolean;
  /**
   * The maximum number of decisions replayed per second, so that the sale gets the rest of the server's
   * capacity.
   */
  readonly pace: number;
  /** Cancels the rebuild: the new tables are dropped, and the live ones stay as they are. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  /** Awaited, so that the receiver can delay the rebuild. */
  readonly report: (stage: RebuildStage) => void | Promise<void>;
}

/** A rebuild under way. */
export interface RebuildRun extends RebuildOptions {
  readonly session: Session;
  /** By partition, the position of the last decision that is in the new tables. */
  readonly replayed: Map<number, number>;
  /** The number of decisions that are in the new tables. */
  count: number;
  /** By partition, the position of the last decision whose rows were compared. */
  readonly compared: Map<number, number>;
  readonly differences: Differences;
}

/** Waits until this number of decisions fits the pace. */
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
