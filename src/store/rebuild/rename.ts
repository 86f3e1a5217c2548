import { numberIn } from '../database/columns.ts';
import { asError, serverErrorOf } from '../database/database-error.ts';
import { loadSql } from '../database/load-sql.ts';
import { openSession, type Session, type SessionLimits } from '../database/session.ts';
import { shadowName } from './table-names.ts';
import type { RebuildRun } from './work.ts';

const findWaiting = loadSql('rebuild/find-waiting');
const findTable = loadSql('rebuild/find-table');
const connectionNumber = loadSql('rebuild/connection');

/**
 * The locks are released well before a lease would run out, by the server if need be: a rebuild that froze while it holds them
 * would stop the sale.
 */
export const holdingLimits: SessionLimits = {
  connectMs: 2_500,
  queryMs: 2_000,
  silenceMs: 2_000,
  lockWaitMs: 1_000,
};
/** While tables wait to be locked or renamed, nobody can use them. */
const TABLE_WAIT_SECONDS = 1;
/** By then a RENAME has ended, even if its reply was lost. */
const SETTLE_MS = TABLE_WAIT_SECONDS * 1_000 + 300;
const ASK_EVERY_MS = 2;

/** Another session was in the way; nothing was changed. */
export class SwitchConflict extends Error {}

export interface HolderCheck {
  /** The session that has the partitions' rows. */
  readonly holder: Session;
  /** Throws unless it has had them all the time. */
  readonly check: () => Promise<void>;
}

/**
 * Renames all tables in one statement, so that readers see either the old or the new ones. A second connection (the gate) holds
 * locks on the live tables, so the RENAME queues behind it, ahead of every writer. The gate is released only after we have
 * verified that the partition rows are still locked. So no batch can write the old tables, even if those locks are lost later.
 */
export const renameTables = async (
  work: RebuildRun,
  former: ReadonlyMap<string, string>,
  { holder, check }: HolderCheck,
): Promise<void> => {
  const { session, url, clock } = work;
  const [connection] = await session.rows(connectionNumber);
  if (!connection) throw new Error('the server gave this connection no number');
  const moves = [...former].map(([name, old]) => `${name} TO ${old}, ${shadowName(name)} TO ${name}`);
  const gate = await openSession(url, holdingLimits);
  try {
    for (const each of [gate, session])
      await each.run(`SET SESSION lock_wait_timeout = ${TABLE_WAIT_SECONDS}`);
    await gate.run(`LOCK TABLES ${[...former.keys()].map((name) => `${name} WRITE`).join(', ')}`);
    const renaming = trackRename(session.run(`RENAME TABLE ${moves.join(', ')}`));
    try {
      await untilWaiting(work, gate, { connection: numberIn(connection, 'id'), renaming });
      await check();
    } catch (error) {
      // The RENAME waits at the gate until its own time limit ends it.
      const end = await renaming.ended;
      if (end === 'done') throw new Error(unsure, { cause: error });
      if (!serverErrorOf(end)) await clock.sleep(SETTLE_MS);
      throw new SwitchConflict(`not sure to hold the partitions: ${asError(error).message}`, {
        cause: error,
      });
    }
    await gate.run('UNLOCK TABLES');
    const end = await renaming.ended;
    if (end !== 'done') await refuseUnlessRenamed(work, holder, end);
  } finally {
    gate.destroy();
  }
};

const unsure =
  'the tables were switched while the partitions were not surely held: stop the projectors and rebuild again';

/** After a lost reply, the names of the new tables show whether they were renamed. */
const refuseUnlessRenamed = async ({ clock }: RebuildRun, holder: Session, error: Error): Promise<void> => {
  if (serverErrorOf(error)) throw error;
  await clock.sleep(SETTLE_MS);
  if ((await holder.rows(findTable, [shadowName('shows')])).length > 0) throw error;
};

interface PendingRename {
  readonly ended: Promise<'done' | Error>;
  readonly hasEnded: () => boolean;
}

const trackRename = (renaming: Promise<void>): PendingRename => {
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
  };
  return {
    ended: renaming.then(() => 'done' as const, asError).finally(end),
    hasEnded: () => hasEnded,
  };
};

/** Until it waits at the gate, or was refused for a reason of its own. */
const untilWaiting = async (
  { clock }: RebuildRun,
  gate: Session,
  { connection, renaming }: { readonly connection: number; readonly renaming: PendingRename },
): Promise<void> => {
  const deadlineMs = clock.monotonicMs() + TABLE_WAIT_SECONDS * 1_000;
  while (!renaming.hasEnded() && (await gate.rows(findWaiting, [String(connection)])).length === 0) {
    if (clock.monotonicMs() > deadlineMs) throw new Error('the tables were not seen waiting to be renamed');
    await clock.sleep(ASK_EVERY_MS);
  }
};
