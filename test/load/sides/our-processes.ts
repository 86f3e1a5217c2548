import { withUser } from '../../../infra/local/server-users.ts';
import { type Onsale, startOnsale, testIdKey } from '../../support/onsale.ts';
import { runProgram } from '../run-program.ts';
import type { Build } from './build.ts';
import type { Urls } from './side.ts';

/** By role: `api`, `api 2`, …, `projector`, `projector 2`, … */
export type OurProcesses = Map<string, Onsale>;

export interface OurPlan extends Urls {
  readonly build: Build;
  readonly env: Readonly<Record<string, string>>;
  readonly projectors: number;
  readonly apis: number;
}

const isApi = (role: string): boolean => role.startsWith('api');
export const isProjector = (role: string): boolean => !isApi(role);

/** The URLs of all API processes. */
export const apiUrlsOf = (processes: OurProcesses): readonly [string, ...string[]] => {
  const [first, ...others] = [...processes].filter(([role]) => isApi(role)).map(([, { url }]) => url);
  if (first === undefined) throw new Error('there is no API process');
  return [first, ...others];
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
  await Promise.all(
    namesOf('projector', plan.projectors).map(async (name) =>
      processes.set(name, await startOnsale({ roles: ['projector'], ...plan, ...plan.build })),
    ),
  );
};

/** On free ports, or on the ports that they had before. */
export const startApis = async (
  processes: OurProcesses,
  plan: OurPlan,
  ports: readonly string[] = [],
): Promise<void> => {
  await Promise.all(
    namesOf('api', plan.apis).map(async (name, n) => {
      const port = ports[n];
      const env = { ...plan.env, ...(port !== undefined && { PORT: port }) };
      processes.set(name, await startOnsale({ roles: ['command', 'query'], ...plan, ...plan.build, env }));
    }),
  );
};

const namesOf = (role: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => (n === 0 ? role : `${role} ${n + 1}`));
