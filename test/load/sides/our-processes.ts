import { withUser } from '../../../infra/local/server-users.ts';
import { type Onsale, startOnsale, testIdKey } from '../../support/onsale.ts';
import { runProgram } from '../run-program.ts';
import type { Build } from './build.ts';
import type { Urls } from './side.ts';

/** By role: `api`, `projector`, `projector 2`, … */
export type OurProcesses = Map<string, Onsale>;

export interface OurPlan extends Urls {
  readonly build: Build;
  readonly env: Readonly<Record<string, string>>;
  readonly projectors: number;
}

export const apiOf = (processes: OurProcesses): Onsale => {
  const api = processes.get('api');
  if (!api) throw new Error('there is no API process');
  return api;
};

const migrateLimitMs = 120_000;

/** Run by the build itself: only it knows what it needs in MySQL and what else it prepares for its roles. */
export const migrateServers = async ({ build, redisUrl, databaseUrl, env }: OurPlan): Promise<void> => {
  const own = { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, ONSALE_ID_KEYS: testIdKey, ...env };
  await runProgram({
    program: process.execPath,
    args: [build.main, 'migrate'],
    env: withUser({ PATH: process.env['PATH'], HOME: process.env['HOME'], ...own }, 'migrate'),
    limitMs: migrateLimitMs,
  });
};

export const startProjectors = async (processes: OurProcesses, plan: OurPlan): Promise<void> => {
  const names = Array.from({ length: plan.projectors }, (_, n) =>
    n === 0 ? 'projector' : `projector ${n + 1}`,
  );
  await Promise.all(
    names.map(async (name) =>
      processes.set(name, await startOnsale({ roles: ['projector'], ...plan, ...plan.build })),
    ),
  );
};

/** On a free port, or on the port that it had before. */
export const startApi = async (processes: OurProcesses, plan: OurPlan, port?: string): Promise<void> => {
  const env = { ...plan.env, ...(port !== undefined && { PORT: port }) };
  processes.set('api', await startOnsale({ roles: ['command', 'query'], ...plan, ...plan.build, env }));
};
