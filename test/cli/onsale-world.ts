import { createConnection } from 'mysql2/promise';
import { runOnsale } from '../support/onsale.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';

export interface ProgramRun {
  readonly code: number | null;
  readonly output: string;
}

/** A whole running onsale, and a command line for it. */
export interface OnsaleWorld extends RunningSystem {
  /** Runs a verb with the addresses of the servers, unless others are given. */
  readonly run: (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<ProgramRun>;
  readonly sql: (statement: string) => Promise<void>;
  /** The JSON document that the verb printed. */
  readonly json: (args: readonly string[]) => Promise<Record<string, unknown>>;
}

const env = { ONSALE_PARTITIONS: '4', ONSALE_LEASE_TTL_MS: '1000' } as const;

export const startOnsaleWorld = async (): Promise<OnsaleWorld> => {
  const running = await startRunning({ env });
  const { redisUrl, databaseUrl } = running.backends.urls;
  const run: OnsaleWorld['run'] = (args, others = {}) =>
    runOnsale(args, { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, ...env, ...others });
  return {
    ...running,
    run,
    sql: async (statement) => {
      const connection = await createConnection(databaseUrl);
      try {
        await connection.query(statement);
      } finally {
        await connection.end();
      }
    },
    json: async (args) => parseDocument((await run([...args, '--json'])).output),
  };
};

const parseDocument = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
