import { migrate, migrationPlan } from '../store/setup/migrate.ts';
import { newLogger } from '../telemetry/logger.ts';
import { type ExitCode, exitCodes } from './print/exit-codes.ts';
import { readConfig } from './read-config.ts';

/** Brings the schema up to date; safe to run again, and safe to run at the same time as another one. */
export const migrateDatabase = async (
  { 'dry-run': isDryRun }: { readonly 'dry-run': boolean },
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode> => {
  const config = readConfig(environment, ['databaseUrl']);
  if (!config) return exitCodes.wrong;
  if (isDryRun) return printPlan(await migrationPlan({ url: config.databaseUrl }));
  const logger = newLogger({ level: config.logLevel, roles: ['migrate'] });
  return printDone(await migrate({ url: config.databaseUrl, logger }));
};

const upToDate = 'the schema is up to date';

const printDone = (statements: number): ExitCode => {
  process.stdout.write(statements === 0 ? `${upToDate}\n` : `${upToDate} now (${statements} statements)\n`);
  return exitCodes.done;
};

/** As SQL for a person to read, or to pass on to somebody who is allowed to run it. */
const printPlan = (statements: readonly string[]): ExitCode => {
  process.stdout.write(
    statements.length === 0 ? `${upToDate}\n` : statements.map((sql) => `${sql}\n\n`).join(''),
  );
  return statements.length === 0 ? exitCodes.done : exitCodes.attention;
};
