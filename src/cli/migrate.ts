import { migrate } from '../store/migrate.ts';
import { newLogger } from '../telemetry/logger.ts';
import { readConfig } from './read-config.ts';

/** Brings the schema up to date; safe to run again, and beside another that does the same. */
export const migrateDatabase = async (environment: NodeJS.ProcessEnv): Promise<number> => {
  const config = readConfig(environment, ['databaseUrl']);
  if (!config) return 2;
  const logger = newLogger({ level: config.logLevel, roles: ['migrate'] });
  try {
    const statements = await migrate({ url: config.databaseUrl, logger });
    process.stdout.write(
      statements === 0
        ? 'the schema is up to date\n'
        : `the schema is up to date now (${statements} statements)\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(`onsale: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
};
