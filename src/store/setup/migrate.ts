import { Buffer } from 'node:buffer';
import type { Logger } from '../../domain/ports.ts';
import { asError, serverErrorOf } from '../database/database-error.ts';
import { loadSql } from '../database/load-sql.ts';
import { openSession, type Session } from '../database/session.ts';
import type { SessionLimits } from '../database/session-limits.ts';
import { takeLock } from '../database/take-lock.ts';
import { givePairId } from '../pair/pair.ts';
import { appliedSteps, type MigrationStep, refuseChanged, stepsLeft } from './applied-migrations.ts';
import { migrationsDir, readMigrations } from './migration-files.ts';

const createMigrations = loadSql('setup/create-migrations');
const beginMigration = loadSql('setup/begin-migration');
const endMigration = loadSql('setup/end-migration');
const takeMigrationLock = loadSql('setup/take-migration-lock');

const LOCK_WAIT_SECONDS = 60;

/**
 * DDL on a large table may take hours, and the server rolls it back when it is interrupted. Nothing else
 * waits for this session.
 */
const limits: SessionLimits = {
  connectMs: 2_500,
  queryMs: 24 * 60 * 60_000,
  silenceMs: 60 * 60_000,
  lockWaitMs: 50_000,
};

/** Errors that say that a table, column, key name, constraint or foreign key exists already. */
const existsAlready: ReadonlySet<number> = new Set([1050, 1060, 1061, 1826, 3822]);

export interface MigrateOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly dir?: string;
}

/**
 * Brings the database's schema to this build's, statement by statement. Resolves to the number of statements
 * run. One process at a time migrates, others wait. Gives the database a pair id if it has none. The process
 * may be killed at any moment and run again. DDL cannot be rolled back, so each statement is recorded before
 * and after it runs. A statement that was begun is run again; the error that its object exists already counts
 * as success then.
 */
export const migrate = async ({ url, logger, dir = migrationsDir() }: MigrateOptions): Promise<number> => {
  const files = readMigrations(dir);
  const session = await openSession(url, limits);
  try {
    await lock(session, logger);
    await session.run(createMigrations);
    const done = await appliedSteps(session);
    refuseChanged(files, done);
    const left = stepsLeft(files, done);
    for (const step of left) await runStep(session, step, logger);
    await givePairId(session);
    return left.length;
  } finally {
    // The lock ends with its session.
    session.destroy();
  }
};

/** The statements that are left, in order, each after a comment that names its file. Runs none of them. */
export const migrationPlan = async ({
  url,
  dir = migrationsDir(),
}: Pick<MigrateOptions, 'url' | 'dir'>): Promise<readonly string[]> => {
  const files = readMigrations(dir);
  const session = await openSession(url, limits);
  try {
    const done = await appliedSteps(session);
    refuseChanged(files, done);
    return stepsLeft(files, done).map(
      ({ file, number, sql }) => `-- ${file.name}, ${number} of ${file.statements.length}\n${ended(sql)}`,
    );
  } finally {
    session.destroy();
  }
};

const ended = (sql: string): string => (sql.endsWith(';') ? sql : `${sql};`);

const lock = async (session: Session, logger: Logger): Promise<void> => {
  const verdict = await takeLock(session, takeMigrationLock, [String(LOCK_WAIT_SECONDS)]);
  if (verdict === 'busy')
    throw new Error(
      `another process has been migrating this database for ${LOCK_WAIT_SECONDS} s: try again later`,
    );
  // Without a lock, two processes may migrate at once. One of them then finds that an object exists already,
  // stops with that error and changes nothing.
  if (verdict === 'none')
    logger.warn(
      {},
      'this server keeps no locks by name, as a node of Galera: migrate from one place at a time; one that stops because something exists is run again',
    );
};

const runStep = async (
  session: Session,
  { file, number, sql, begun }: MigrationStep,
  logger: Logger,
): Promise<void> => {
  const at = [file.name, String(number)];
  logger.info({ file: file.name, statement: number, of: file.statements.length }, 'migrating');
  await session.change(beginMigration, [...at, Buffer.from(file.checksum, 'hex')]);
  try {
    await session.run(sql);
  } catch (error) {
    const carriedOut = begun && existsAlready.has(serverErrorOf(error)?.errno ?? 0);
    if (!carriedOut)
      throw new Error(`migration ${file.name}, statement ${number}: ${asError(error).message}`, {
        cause: error,
      });
  }
  await session.change(endMigration, at);
};
