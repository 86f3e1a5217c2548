import { loadSql } from '../database/load-sql.ts';
import { openSession, type Session } from '../database/session.ts';
import type { SessionLimits } from '../database/session-limits.ts';
import { takeLock } from '../database/take-lock.ts';
import { appliedSteps, refuseChanged, stepsLeft } from '../setup/applied-migrations.ts';
import { migrationsDir, readMigrations } from '../setup/migration-files.ts';
import { formerName, readTables, shadowName } from './table-names.ts';

const takeMigrationLock = loadSql('setup/take-migration-lock');

/** Dropping a large table may take minutes; nothing else waits for this session. */
const limits: SessionLimits = { connectMs: 2_500, queryMs: 600_000, silenceMs: 600_000, lockWaitMs: 5_000 };

/** How long to wait when another session uses a table that is created or dropped here. */
const TABLE_WAIT_SECONDS = 5;

/**
 * The session in which the rebuild works. It is the only one: no other rebuild and no migration may run at
 * the same time, because a column that is added meanwhile would be lost. Their common lock ends with the
 * session.
 */
export const openWorkSession = async (url: string, waitSeconds = 0): Promise<Session> => {
  const session = await openSession(url, limits);
  try {
    await session.run(`SET SESSION lock_wait_timeout = ${TABLE_WAIT_SECONDS}`);
    const lock = await takeLock(session, takeMigrationLock, [String(waitSeconds)]);
    if (lock === 'busy')
      throw new Error(
        "another process is rebuilding this database's tables or migrating it: try again later",
      );
    // Batches are kept waiting by row locks, and on a node of Galera those hold on that node alone.
    if (lock === 'none')
      throw new Error(
        'this server is a node of Galera, where nothing can be held still for all nodes: rebuild on one server alone (docs/operating/galera.md)',
      );
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
};

/**
 * Throws unless this build knows the schema exactly. Rebuilt tables would lack everything that it does not
 * know of.
 */
export const refuseOtherSchema = async (session: Session, dir: string = migrationsDir()): Promise<void> => {
  const files = readMigrations(dir);
  const done = await appliedSteps(session);
  refuseChanged(files, done);
  const [next] = stepsLeft(files, done);
  if (next) throw new Error(`database schema is behind (${next.file.name}): run \`onsale migrate\``);
  const newer = done.find(({ file }) => !files.some(({ name }) => name === file));
  if (newer)
    throw new Error(
      `the database has ${newer.file}, which this version does not know: rebuild with the newer version`,
    );
};

/** Creates empty tables with the definitions of the live ones, indexes and checks included. */
export const createShadows = async (session: Session): Promise<void> => {
  for (const { name } of readTables) await session.run(`CREATE TABLE ${shadowName(name)} LIKE ${name}`);
};

/**
 * Gives the optimizer statistics of the new tables, so that it chooses good plans from the first query on.
 */
export const analyzeShadows = async (session: Session): Promise<void> => {
  const names = readTables.map(({ name }) => shadowName(name));
  await session.run(`ANALYZE NO_WRITE_TO_BINLOG TABLE ${names.join(', ')}`);
};

/** Drops the tables that this rebuild, or one that was killed, has left over. Never drops a live table. */
export const dropLeftOver = async (session: Session): Promise<void> => {
  const names = readTables.flatMap(({ name }) => [shadowName(name), formerName(name)]);
  await session.run(`DROP TABLE IF EXISTS ${names.join(', ')}`);
};
