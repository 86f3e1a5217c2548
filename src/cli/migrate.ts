import { asError } from '../store/database-error.ts';
import { migrate, migrationPlan } from '../store/migrate.ts';
import { newLogger } from '../telemetry/logger.ts';
import { exitCodes } from './exit-codes.ts';
import { readConfig } from './read-config.ts';
import { complain, readOptions } from './read-options.ts';

const shapes = { 'dry-run': { type: 'boolean' } } as const;

/** Brings the schema up to date; safe to run again, and beside another that does the same. */
export const migrateDatabase = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> => {
  const options = readOptions({ verb: 'migrate', args, options: shapes });
  if (!options) return exitCodes.wrong;
  const config = readConfig(environment, ['databaseUrl']);
  if (!config) return exitCodes.wrong;
  try {
    if (options['dry-run']) return tellPlan(await migrationPlan({ url: config.databaseUrl }));
    const logger = newLogger({ level: config.logLevel, roles: ['migrate'] });
    return tellDone(await migrate({ url: config.databaseUrl, logger }));
  } catch (error) {
    complain('migrate', asError(error).message);
    return exitCodes.failed;
  }
};

const upToDate = 'the schema is up to date';

const tellDone = (statements: number): number => {
  process.stdout.write(statements === 0 ? `${upToDate}\n` : `${upToDate} now (${statements} statements)\n`);
  return exitCodes.done;
};

/** As SQL that a person may read, or hand on to whoever may run it. */
const tellPlan = (statements: readonly string[]): number => {
  process.stdout.write(
    statements.length === 0 ? `${upToDate}\n` : statements.map((sql) => `${sql}\n\n`).join(''),
  );
  return statements.length === 0 ? exitCodes.done : exitCodes.attention;
};
