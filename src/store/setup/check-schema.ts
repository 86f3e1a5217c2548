import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { withSession } from '../database/transaction.ts';
import { appliedSteps, refuseChanged, stepsLeft } from './applied-migrations.ts';
import { migrationsDir, readMigrations } from './migration-files.ts';

/**
 * Called at the start of a role. Throws when the schema is older than this build needs. A newer one is fine,
 * because it only adds.
 */
export const checkSchema = async (sessions: Sessions, dir: string = migrationsDir()): Promise<void> => {
  const fault = await withSession(sessions, (session) => schemaFault(session, dir));
  if (fault !== undefined) throw new Error(fault);
};

/** Why this build cannot work with the schema, and what to do; undefined when it can. */
export const schemaFault = async (
  session: Session,
  dir: string = migrationsDir(),
): Promise<string | undefined> => {
  const files = readMigrations(dir);
  const done = await appliedSteps(session);
  refuseChanged(files, done);
  const [next] = stepsLeft(files, done);
  return (
    next &&
    `database schema is behind (${next.file.name}, statement ${next.number} is missing): run \`onsale migrate\``
  );
};
