import { loadSql } from '../database/load-sql.ts';
import { lengthOf, positionsOf, rangesBetween } from './positions.ts';
import { type JournalRange, replayPage } from './replay.ts';
import { paced, type RebuildRun } from './work.ts';

const listPositions = loadSql('rebuild/list-positions');
const deletePending = loadSql('rebuild/delete-pending');

/**
 * This many decisions may be left for the time in which no batch can commit. Replaying them takes about 50
 * ms.
 */
export const FEW = 500;
const PASSES_MAX = 50;

/**
 * Replays the journal into the new tables, page by page and at the requested pace, until at most `FEW`
 * decisions are left. Throws when new decisions arrive faster than that.
 */
export const catchUp = async (work: RebuildRun): Promise<void> => {
  await work.session.change(deletePending);
  for (let pass = 1; pass <= PASSES_MAX; pass += 1) {
    const ranges = await rangesLeft(work);
    const left = lengthOf(ranges);
    if (left <= FEW) return;
    let done = 0;
    for (const range of ranges) {
      await replayRange(work, range, async (decisions) => {
        done += decisions;
        await work.report({ type: 'replaying', decisions: done, of: left });
      });
    }
  }
  throw new Error(
    `decisions are made faster than they are replayed (at most ${work.pace} a second): raise the pace, or wait until fewer come`,
  );
};

const rangesLeft = async ({ session, replayed }: RebuildRun): Promise<readonly JournalRange[]> =>
  rangesBetween(replayed, positionsOf(await session.rows(listPositions)));

/** Decisions that are not in the new tables yet. */
export const leftToReplay = async (work: RebuildRun): Promise<number> => lengthOf(await rangesLeft(work));

const replayRange = async (
  work: RebuildRun,
  { partition, upTo }: JournalRange,
  say: (decisions: number) => Promise<void>,
): Promise<void> => {
  const { session, replayed, clock } = work;
  for (let after = replayed.get(partition) ?? 0; after < upTo; after = replayed.get(partition) ?? upTo) {
    const beganMs = clock.monotonicMs();
    await session.run('START TRANSACTION');
    const decisions = await replayPage(work, { partition, after, upTo });
    await session.run('COMMIT');
    await say(decisions);
    await paced(work, decisions, clock.monotonicMs() - beganMs);
  }
};
