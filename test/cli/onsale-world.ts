import { createConnection } from 'mysql2/promise';
import { runOnsale } from '../support/onsale.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';

export interface ProgramRun {
  readonly code: number | null;
  readonly output: string;
}

/** A whole onsale, and the command line beside it. */
export interface OnsaleWorld extends RunningSystem {
  /** With the servers' real addresses, unless others are given. */
  readonly run: (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<ProgramRun>;
  readonly sql: (statement: string) => Promise<void>;
  /** What the verb printed, as a document. */
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
