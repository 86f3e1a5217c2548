import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { ensureServers } from '../../infra/local/install-servers.ts';
import { startMariadb } from '../../infra/local/private-mariadb.ts';
import { startRedis } from '../../infra/local/private-redis.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { newClient } from '../../src/client/client.ts';
import { openShow } from '../support/client.ts';
import { type Onsale, runOnsale, startOnsale } from '../support/onsale.ts';
import { sendLoad } from './autocannon.ts';

/**
 * First figures: how fast one API process and one projector take and commit reservations of one hot show, with the
 * servers' settings we ship and the load generator on the same machine. A rate means something only beside another one
 * from the same run.
 */
const quick = process.argv.includes('--quick');
const seconds = quick ? 8 : 30;
const lines = (poolId: string, quantity: number) => [{ poolId, quantity }];

const root = fileURLToPath(new URL('../../.onsale/', import.meta.url));
mkdirSync(root, { recursive: true });
const dir = mkdtempSync(join(root, 'bench-'));

const main = async (): Promise<void> => {
  ensureServers(['redis', 'mariadb'], console.log);
  const [redis, mariadb] = await Promise.all([
    startRedis({ dir: join(dir, 'redis') }),
    startMariadb({ dir: join(dir, 'mariadb') }),
  ]);
  const urls = { redisUrl: redis.url, databaseUrl: mariadb.url };
  const processes: Onsale[] = [];
  try {
    const migrated = await runOnsale(['migrate'], { DATABASE_URL: mariadb.url });
    if (migrated.code !== 0) throw new Error(migrated.output);
    processes.push(await startOnsale({ roles: ['projector'], ...urls }));
    const api = await startOnsale({ roles: ['command', 'query'], ...urls });
    processes.push(api);
    await measure(api.url, mariadb.url);
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
    await Promise.all([redis.stop(), mariadb.stop()]);
    rmSync(dir, { recursive: true, force: true });
  }
};

const measure = async (api: string, databaseUrl: string): Promise<void> => {
  const database = await createConnection(databaseUrl);
  const decided = async (): Promise<number> => {
    const [rows] = await database.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM reservations');
    return Number(rows[0]?.['n'] ?? 0);
  };
  try {
    await throughput(api, decided);
    await latency(api);
    await allAtOnce(api);
  } finally {
    await database.end();
  }
};

const throughput = async (api: string, decided: () => Promise<number>): Promise<void> => {
  const showId = await openShow(api, { stalls: 2_000_000_000 });
  const load = { url: `${api}/v1/reservations`, headers: { 'x-customer-id': 'bench' }, connections: 100 };
  const body = { showId, lines: lines('stalls', 1) };
  const warm = await sendLoad({ ...load, body, seconds: 3 });
  await waitUntil(async () => (await decided()) >= warm.requests.total, { limitMs: 60_000 });
  const before = await decided();
  const began = performance.now();
  const result = await sendLoad({ ...load, body, seconds });
  const accepted = result.requests.total - result.non2xx;
  const atEnd = (await decided()) - before;
  const all = await waitUntil(async () => (await decided()) - before >= accepted, {
    limitMs: 120_000,
    everyMs: 50,
  });
  const tookSeconds = (performance.now() - began) / 1_000;
  say(
    'accepted (202)',
    `${Math.round(accepted / result.duration)}/s, p50 ${result.latency.p50} ms, p99 ${result.latency.p99} ms`,
  );
  say(
    'committed',
    `${Math.round(accepted / tookSeconds)}/s${all ? '' : ' (not all within 2 minutes)'}, backlog at the end ${accepted - atEnd}`,
  );
  say('not 202, errors', `${result.non2xx}, ${result.errors + result.timeouts}`);
};

const latency = async (api: string): Promise<void> => {
  const showId = await openShow(api, { stalls: 2_000_000_000 });
  for (const rate of [200, 2_000]) {
    const result = await sendLoad({
      url: `${api}/v1/reservations`,
      body: { showId, lines: lines('stalls', 1) },
      headers: { 'x-customer-id': 'bench', prefer: 'wait=5' },
      connections: 50,
      seconds: Math.min(seconds, 10),
      rate,
    });
    say(
      `POST to committed at ${rate}/s`,
      `p50 ${result.latency.p50} ms, p99 ${result.latency.p99} ms, max ${result.latency.max} ms`,
    );
  }
};

const allAtOnce = async (api: string): Promise<void> => {
  const showId = await openShow(api, { stalls: 50_000 });
  const began = performance.now();
  const took = await Promise.all(
    Array.from({ length: 1_000 }, async (_, n) => {
      const client = newClient({ baseUrl: api, headers: () => ({ 'x-customer-id': `c${n}` }) });
      const answer = await client.reserve({ showId, lines: lines('stalls', 3) }, { waitSeconds: 10 });
      if (!answer.ok) throw new Error(`not confirmed: ${answer.problem.code}`);
      return performance.now() - began;
    }),
  );
  say('1,000 at once, committed', `all in ${Math.round(Math.max(...took))} ms`);
};

const say = (what: string, figure: string): void => console.log(`${what.padEnd(28)} ${figure}`);

await main();
