import { backoffMs } from '../../shared/backoff.ts';
import { asError } from '../database/database-error.ts';
import type { Session } from '../database/session.ts';
import { catchUp, FEW, leftToReplay } from './catch-up.ts';
import { type Difference, newDifferences } from './differences.ts';
import {
  analyzeShadows,
  createShadows,
  dropLeftOver,
  openWorkSession,
  refuseOtherSchema,
} from './prepare.ts';
import { compareRound } from './round.ts';
import { type SwitchResult, switchTables } from './switch.ts';
import type { RebuildOptions, RebuildRun } from './work.ts';

const SWITCH_TRIES_MAX = 20;
const SWITCH_PAUSES = { first: 40, last: 2_000 };
const ROUNDS_MAX = 50;
const DROP_WAIT_SECONDS = 10;

export interface RebuildResult {
  /** False after a dry run. */
  readonly switched: boolean;
  /** The number of decisions replayed. */
  readonly decisions: number;
  /** The rows of the live tables that were not what the journal says. */
  readonly differences: { readonly count: number; readonly named: readonly Difference[] };
  /** How long no batch could be committed. */
  readonly heldMs: number;
  /** The names of the former tables, if they were to be kept. */
  readonly kept: readonly string[];
}

/**
 * Builds the read tables anew from the journal, while the system keeps running, and then replaces the live
 * ones with them. Throws when that was not possible or was cancelled. The live tables are unchanged then, and
 * the new ones are dropped.
 */
export const rebuildTables = async (options: RebuildOptions): Promise<RebuildResult> => {
  const session = await openWorkSession(options.url);
  const work: RebuildRun = {
    ...options,
    session,
    replayed: new Map(),
    count: 0,
    compared: new Map(),
    differences: newDifferences(),
  };
  try {
    await refuseOtherSchema(session);
    await dropLeftOver(session);
    await createShadows(session);
    await catchUp(work);
    await compareRound(work, 'all');
    await work.report({ type: 'compared' });
    await analyzeShadows(session);
    const switched = options.dryRun ? undefined : await switchWhenPossible(work);
    return resultOf(work, switched);
  } finally {
    await cleanUp(options, session);
  }
};

const switchWhenPossible = async (work: RebuildRun): Promise<SwitchResult & { type: 'switched' }> => {
  const { clock, random, signal, report } = work;
  let why = '';
  for (let tries = 1; tries <= SWITCH_TRIES_MAX; tries += 1) {
    await comeClose(work);
    signal.throwIfAborted();
    const switched = await switchTables(work);
    if (switched.type === 'switched') {
      await report({ type: 'switched', heldMs: switched.heldMs });
      return switched;
    }
    why = switched.why;
    await clock.sleep(backoffMs(tries, SWITCH_PAUSES, random), signal);
  }
  throw new Error(
    `the tables could not be switched in ${SWITCH_TRIES_MAX} tries, and nothing was changed (${why}): does a backup or a long query have them in use?`,
  );
};

/**
 * Replays and compares in rounds. Each round is shorter than the one before, because it only has the
 * decisions that were made during that one. Ends when at most `FEW` decisions are left.
 */
const comeClose = async (work: RebuildRun): Promise<void> => {
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    await catchUp(work);
    await compareRound(work, 'touched');
    if ((await leftToReplay(work)) <= FEW) return;
  }
  throw new Error('decisions are made faster than they are compared: wait until fewer come');
};

const resultOf = (
  { count, differences }: RebuildRun,
  switched?: SwitchResult & { type: 'switched' },
): RebuildResult => ({
  switched: switched !== undefined,
  decisions: count,
  differences: { count: differences.count, named: [...differences.named.values()] },
  heldMs: switched?.heldMs ?? 0,
  kept: switched?.kept ?? [],
});

/**
 * Drops the new tables, or, after the switch, the former ones. If this session broke, another one does it.
 */
const cleanUp = async ({ url, report }: RebuildOptions, session: Session): Promise<void> => {
  try {
    await session.run('ROLLBACK');
    await dropLeftOver(session);
  } catch {
    session.destroy();
    await dropElsewhere(url).catch((error: unknown) =>
      report({ type: 'not-dropped', why: asError(error).message }),
    );
  } finally {
    session.destroy();
  }
};

const dropElsewhere = async (url: string): Promise<void> => {
  const another = await openWorkSession(url, DROP_WAIT_SECONDS);
  try {
    await dropLeftOver(another);
  } finally {
    another.destroy();
  }
};
