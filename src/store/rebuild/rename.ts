import { numberIn } from '../database/columns.ts';
import { asError, serverErrorOf } from '../database/database-error.ts';
import { loadSql } from '../database/load-sql.ts';
import { openSession, type Session } from '../database/session.ts';
import type { SessionLimits } from '../database/session-limits.ts';
import { shadowName } from './table-names.ts';
import type { RebuildRun } from './work.ts';

const findWaiting = loadSql('rebuild/find-waiting');
const findTable = loadSql('rebuild/find-table');
const connectionNumber = loadSql('rebuild/connection');

/**
 * The server ends this session well before a lease would run out, so that the locks are released even if this
 * process hangs. Otherwise a rebuild that hangs would stop the sale.
 */
export const holdingLimits: SessionLimits = {
  connectMs: 2_500,
  queryMs: 2_000,
  silenceMs: 2_000,
  lockWaitMs: 1_000,
};
/** While a LOCK or RENAME waits for tables, no other session can use them, so it may only wait this long. */
const TABLE_WAIT_SECONDS = 1;
/** After this time a RENAME has ended, even if its reply was lost. */
const SETTLE_MS = TABLE_WAIT_SECONDS * 1_000 + 300;
const ASK_EVERY_MS = 2;

/** Another session was in the way; nothing was changed. */
export class SwitchConflict extends Error {}

export interface HolderCheck {
  /** The session that holds the locks on the partitions' rows. */
  readonly holder: Session;
  /** Throws unless the session has held the locks without interruption. */
  readonly check: () => Promise<void>;
}

/**
 * Renames all tables in one statement, so that readers see either the old or the new ones. A second
 * connection (the gate) holds locks on the live tables, so the RENAME queues after it, ahead of every writer.
 * The gate is released only after we have verified that the partition rows are still locked. So no batch can
 * write the old tables, even if those locks are lost later.
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

/** Resolves once the RENAME waits for the gate, or has already ended with an error of its own. */
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
