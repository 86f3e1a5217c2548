import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { openShow } from '../../support/client.ts';
import { type Build, ownBuild } from './build.ts';
import {
  apiUrlsOf,
  isProjector,
  migrateServers,
  type OurProcesses,
  startApis,
  startProjectors,
} from './our-processes.ts';
import type { OurRunningSide, OurSide, RunningSide, SideOptions, Target } from './side.ts';

export interface OurSideOptions {
  /** Begins with "onsale". */
  readonly id?: `onsale${string}`;
  readonly name?: string;
  /** Rules of the show, as POST /v1/shows takes them. */
  readonly rules?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly projectors?: number;
  readonly apis?: number;
  /** Default: this checkout's. */
  readonly build?: Build;
}

/** Onsale as it is shipped; by default one API process and one projector. */
export const ourSide = (ours: OurSideOptions = {}): OurSide => ({
  id: ours.id ?? 'onsale',
  name: ours.name ?? (ours.build ?? ownBuild).name,
  start: (options) => startOurs(options, ours),
});

const startOurs = async (options: SideOptions, ours: OurSideOptions): Promise<OurRunningSide> => {
  const { build = ownBuild, env = {}, projectors = 1, apis = 1 } = ours;
  const plan = { ...options, build, env, projectors, apis };
  await migrateServers(plan);
  const processes: OurProcesses = new Map();
  await Promise.all([startProjectors(processes, plan), startApis(processes, plan)]);
  const [url, ...otherUrls] = apiUrlsOf(processes);
  const showId = await openShow(url, { stalls: options.capacity }, ours.rules);
  const database = createPool({ uri: options.databaseUrl, connectionLimit: 1 });
  return {
    showId,
    database,
    otherUrls,
    opsUrl: processes.get('api')?.opsUrl ?? '',
    target: targetOf(url, showId),
    pids: () => Object.fromEntries([...processes].map(([role, { pid }]) => [role, pid])),
    ...looksInto(database),
    crash: async () => {
      await Promise.all([...processes.values()].map((process) => process.kill()));
      processes.clear();
    },
    recover: async () => {
      const ports = [url, ...otherUrls].map((each) => new URL(each).port);
      await Promise.all([startProjectors(processes, plan), startApis(processes, plan, ports)]);
    },
    stopProjectors: () => end(processes, isProjector),
    startProjectors: () => startProjectors(processes, plan),
    stop: async () => {
      await end(processes, () => true);
      await database.end();
    },
  };
};

const end = async (processes: OurProcesses, which: (role: string) => boolean): Promise<void> => {
  const ending = [...processes].filter(([role]) => which(role));
  for (const [role] of ending) processes.delete(role);
  await Promise.all(ending.map(([, process]) => process.stop()));
};

const targetOf = (url: string, showId: string): Target => ({
  url: `${url}/v1/reservations`,
  headers: { 'x-customer-id': 'bench' },
  body: { showId, lines: [{ poolId: 'stalls', quantity: 1 }] },
});

const looksInto = (database: Pool): Pick<RunningSide, 'decided' | 'sold'> => ({
  // Every decision moves a position; the cost of counting rows would grow with their number.
  decided: async () => {
    const [rows] = await database.query<RowDataPacket[]>('SELECT SUM(position) AS n FROM partitions');
    return Number(rows[0]?.['n'] ?? 0);
  },
  sold: async () => {
    const [pools] = await database.query<RowDataPacket[]>('SELECT SUM(held + confirmed) AS n FROM pools');
    const [rows] = await database.query<RowDataPacket[]>(
      "SELECT reference FROM reservations WHERE status <> 'rejected'",
    );
    return { places: Number(pools[0]?.['n']), references: rows.map((row) => String(row['reference'])) };
  },
});
