import { asError, failureOf } from '../database/database-error.ts';
import { loadSql } from '../database/load-sql.ts';
import { openSession, type Session } from '../database/session.ts';
import { FEW } from './catch-up.ts';
import { lengthOf, type Positions, positionsOf, rangesBetween } from './positions.ts';
import { holdingLimits, renameTables, SwitchConflict } from './rename.ts';
import { compareRound } from './round.ts';
import { formerName, readTables } from './table-names.ts';
import type { RebuildRun } from './work.ts';

const lockSetting = loadSql('setup/lock-setting');
const lockPartitions = loadSql('rebuild/lock-partitions');
const fencePartitions = loadSql('rebuild/fence-partitions');

export type SwitchResult =
  | { readonly type: 'switched'; readonly heldMs: number; readonly kept: readonly string[] }
  /** Another session was in the way; nothing was changed. */
  | { readonly type: 'not-now'; readonly why: string };

/**
 * Replaces the live tables with the new ones. Meanwhile another session holds the locks on every partition's
 * row: no batch is in progress, and a new batch waits at its first statement and then finds the new tables.
 */
export const switchTables = async (work: RebuildRun): Promise<SwitchResult> => {
  await work.report({ type: 'locking' });
  const holder = await openSession(work.url, holdingLimits);
  try {
    return await switchHolding(work, holder);
  } catch (error) {
    if (failureOf(error) !== 'conflict' && !(error instanceof SwitchConflict)) throw error;
    return { type: 'not-now', why: asError(error).message };
  } finally {
    // The locks that it still holds end with it.
    holder.destroy();
  }
};

const switchHolding = async (work: RebuildRun, holder: Session): Promise<SwitchResult> => {
  const { clock } = work;
  await holder.run('START TRANSACTION');
  // No partition may be added now.
  await holder.rows(lockSetting, ['partitions']);
  const beganMs = clock.monotonicMs();
  const held = positionsOf(await holder.rows(lockPartitions));
  await work.report({ type: 'holding' });
  if (lengthOf(rangesBetween(work.replayed, held)) > 2 * FEW)
    throw new SwitchConflict('too many decisions came in between');
  await compareRound(work, 'touched');
  await work.report({ type: 'switching' });
  work.signal.throwIfAborted();
  const former = formerNames(work);
  await renameTables(work, former, { holder, check: () => refuseUnheld(holder, held) });
  await release(work, holder);
  const heldMs = Math.round(clock.monotonicMs() - beganMs);
  return { type: 'switched', heldMs, kept: work.keep ? [...former.values()] : [] };
};

const formerNames = ({ keep, clock }: RebuildRun): ReadonlyMap<string, string> =>
  new Map(readTables.map(({ name }) => [name, keep ? `${name}_kept_${clock.nowMs()}` : formerName(name)]));

/**
 * Runs once the RENAME waits. From then on no batch can write the live tables, so the partitions' rows are
 * final. Without this check, a batch could have been written to the former tables if the holder was lost just
 * before.
 */
const refuseUnheld = async (holder: Session, held: Positions): Promise<void> => {
  const now = positionsOf(await holder.rows(lockPartitions));
  if (lengthOf(rangesBetween(held, now)) > 0) throw new Error('partitions moved while they were held');
};

/**
 * If the tables were wrong, the owners may have cached wrong values. Their claims are superseded, so that
 * they claim again and read everything anew. This must happen even if the holder breaks now, so another
 * session tries it then; superseding twice does no harm.
 */
const release = async ({ url, differences }: RebuildRun, holder: Session): Promise<void> => {
  const repaired = differences.count > 0;
  try {
    if (repaired) await holder.change(fencePartitions);
    await holder.run('COMMIT');
  } catch {
    if (!repaired) return;
    const another = await openSession(url, holdingLimits);
    try {
      await another.change(fencePartitions);
    } finally {
      another.destroy();
    }
  }
};
