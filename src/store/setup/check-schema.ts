import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { withSession } from '../database/transaction.ts';
import { appliedSteps, refuseChanged, stepsLeft } from './applied-migrations.ts';
import { migrationsDir, readMigrations } from './migration-files.ts';

/** For a role's start: throws when the schema is older than this build needs. A newer one is fine: it only adds. */
export const checkSchema = async (sessions: Sessions, dir: string = migrationsDir()): Promise<void> => {
  const fault = await withSession(sessions, (session) => schemaFault(session, dir));
  if (fault !== undefined) throw new Error(fault);
};

/** What keeps this build from working on the schema, and what to do; undefined when nothing does. */
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
