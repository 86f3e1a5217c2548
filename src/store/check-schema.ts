import { migrationsDir, readMigrations } from './migration-files.ts';
import { refuseChanged, stepsDone, stepsLeft } from './migrations-done.ts';
import type { Sessions } from './sessions.ts';
import { withSession } from './transaction.ts';

/** For a role's start: throws when the schema is older than this build needs. A newer one is fine: it only adds. */
export const checkSchema = async (sessions: Sessions, dir: string = migrationsDir()): Promise<void> => {
  const files = readMigrations(dir);
  const done = await withSession(sessions, stepsDone);
  refuseChanged(files, done);
  const [next] = stepsLeft(files, done);
  if (next)
    throw new Error(
      `database schema is behind (${next.file.name}, statement ${next.number} is missing): run \`onsale migrate\``,
    );
};
