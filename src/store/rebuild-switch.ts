import { asError, failureOf } from './database-error.ts';
import { FEW } from './rebuild-catch-up.ts';
import { formerName, readTables, shadowName } from './rebuild-names.ts';
import { lengthOf, type Positions, positionsOf, stretchesBetween } from './rebuild-positions.ts';
import { compareRound } from './rebuild-round.ts';
import type { Work } from './rebuild-work.ts';
import { numberIn } from './row.ts';
import { sentence } from './sentence.ts';
import { openSession, type Session, type SessionLimits } from './session.ts';

const lockSetting = sentence('lock-setting');
const lockPartitions = sentence('rebuild-lock-partitions');
const fencePartitions = sentence('rebuild-fence-partitions');
const useTables = sentence('rebuild-use-tables');
const findWaiting = sentence('rebuild-find-waiting');
const connectionNumber = sentence('rebuild-connection');

/**
 * The rows are given back, by the server if need be, well before a lease would run out: a rebuild that froze while it
 * held them would stop the sale.
 */
const limits: SessionLimits = { connectMs: 2_500, queryMs: 2_000, silenceMs: 2_000, lockWaitMs: 1_000 };
/** While tables wait to be renamed, nobody can use them. */
const RENAME_WAIT_SECONDS = 1;
const ASK_EVERY_MS = 2;

export type Switched =
  | { readonly type: 'switched'; readonly heldMs: number; readonly kept: readonly string[] }
  /** Somebody stood in the way; nothing was changed. */
  | { readonly type: 'not-now'; readonly why: string };

/**
 * Puts the new tables in the place of the live ones. Meanwhile another session holds every partition's row: no batch is
 * under way, and whoever begins one waits at its first statement and then finds the new tables.
 */
export const switchTables = async (work: Work): Promise<Switched> => {
  await work.tell({ type: 'locking' });
  const holder = await openSession(work.url, limits);
  try {
    return await switchHolding(work, holder);
  } catch (error) {
    if (failureOf(error) !== 'conflict' && !(error instanceof NotNow)) throw error;
    return { type: 'not-now', why: asError(error).message };
  } finally {
    // Whatever it still holds ends with it.
    holder.destroy();
  }
};

class NotNow extends Error {}

const switchHolding = async (work: Work, holder: Session): Promise<Switched> => {
  const { clock } = work;
  await holder.say('START TRANSACTION');
  // Partitions may be added; not now.
  await holder.rows(lockSetting, ['partitions']);
  const beganMs = clock.monotonicMs();
  const held = positionsOf(await holder.rows(lockPartitions));
  await work.tell({ type: 'holding' });
  if (lengthOf(stretchesBetween(work.replayed, held)) > 2 * FEW)
    throw new NotNow('too many decisions came in between');
  await compareRound(work, 'touched');
  await work.tell({ type: 'switching' });
  work.signal.throwIfAborted();
  const former = formerNames(work);
  await rename(work, former, () => refuseUnheld(holder, held));
  await release(work, holder);
  const heldMs = Math.round(clock.monotonicMs() - beganMs);
  return { type: 'switched', heldMs, kept: work.keep ? [...former.values()] : [] };
};

const formerNames = ({ keep, clock }: Work): ReadonlyMap<string, string> =>
  new Map(readTables.map(({ name }) => [name, keep ? `${name}_kept_${clock.nowMs()}` : formerName(name)]));

/**
 * Asked once the tables wait to be renamed: from then on no batch can write them, so whatever the partitions' rows say
 * now is all there will be. Without it a holder that was lost just before would let a batch slip into the former tables.
 */
const refuseUnheld = async (holder: Session, held: Positions): Promise<void> => {
  const now = positionsOf(await holder.rows(lockPartitions));
  if (lengthOf(stretchesBetween(held, now)) > 0) throw new Error('partitions moved while they were held');
};

/** All tables in one sentence: whoever reads sees the old ones or the new ones. */
const rename = async (
  work: Work,
  former: ReadonlyMap<string, string>,
  refuse: () => Promise<void>,
): Promise<void> => {
  const { session, url } = work;
  const [connection] = await session.rows(connectionNumber);
  if (!connection) throw new Error('the server gave this connection no number');
  const moves = [...former].map(([name, old]) => `${name} TO ${old}, ${shadowName(name)} TO ${name}`);
  const gate = await openSession(url, limits);
  try {
    await gate.say('START TRANSACTION');
    await gate.rows(useTables);
    await session.say(`SET SESSION lock_wait_timeout = ${RENAME_WAIT_SECONDS}`);
    const renaming = began(session.say(`RENAME TABLE ${moves.join(', ')}`));
    try {
      await untilWaiting(work, gate, { connection: numberIn(connection, 'id'), renaming });
      await refuse();
    } catch (error) {
      // Behind the gate it gives up by itself.
      if ((await renaming.ended) === 'done') throw new Error(unsure, { cause: error });
      throw new NotNow(`not sure to hold the partitions: ${asError(error).message}`, { cause: error });
    }
    await gate.say('ROLLBACK');
    const end = await renaming.ended;
    if (end !== 'done') throw end;
  } finally {
    gate.destroy();
  }
};

const unsure =
  'the tables were switched while the partitions were not surely held: stop the projectors and rebuild again';

interface Renaming {
  readonly ended: Promise<'done' | Error>;
  readonly hasEnded: () => boolean;
}

const began = (renaming: Promise<void>): Renaming => {
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
  };
  return {
    ended: renaming.then(() => 'done' as const, asError).finally(end),
    hasEnded: () => hasEnded,
  };
};

/** Until it waits for the gate, or was refused for a reason of its own. */
const untilWaiting = async (
  { clock }: Work,
  gate: Session,
  { connection, renaming }: { readonly connection: number; readonly renaming: Renaming },
): Promise<void> => {
  const deadlineMs = clock.monotonicMs() + RENAME_WAIT_SECONDS * 1_000;
  while (!renaming.hasEnded() && (await gate.rows(findWaiting, [String(connection)])).length === 0) {
    if (clock.monotonicMs() > deadlineMs) throw new Error('the tables were not seen waiting to be renamed');
    await clock.sleep(ASK_EVERY_MS);
  }
};

/**
 * Where the tables were wrong, owners remember what was wrong in them: they are made to claim again, which reads
 * everything anew. Done for certain, also when the holder breaks now: superseding twice is as good as once.
 */
const release = async ({ url, differences }: Work, holder: Session): Promise<void> => {
  const repaired = differences.count > 0;
  try {
    if (repaired) await holder.change(fencePartitions);
    await holder.say('COMMIT');
  } catch {
    if (!repaired) return;
    const another = await openSession(url, limits);
    try {
      await another.change(fencePartitions);
    } finally {
      another.destroy();
    }
  }
};
