import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureServers, serverProgram } from '../../infra/local/install-servers.ts';
import { paths } from '../../infra/local/paths.ts';
import { newOwned } from '../chaos/owned.ts';
import { newRunDir, removeWithServers } from '../support/run-dir.ts';
import { clusterDrill } from './cluster-drill.ts';
import { galeraDrill } from './galera-drill.ts';
import { replicationDrill } from './replication-drill.ts';
import { type DrillOutcome, isKept, renderOutcome } from './report.ts';
import type { DrillKit } from './trade.ts';

/**
 * `npm run drill -- <engine>`: server set-ups onto which onsale can grow, broken while customers buy, and an
 * audit of the result. Exit status 0: every promise was kept; 3: one was broken; 1: the drill could not be
 * run.
 */
const exitBroken = 3;

const drills: Readonly<Record<string, (kit: DrillKit) => Promise<DrillOutcome>>> = {
  replication: replicationDrill,
  galera: galeraDrill,
  cluster: clusterDrill,
};

const usage = `npm run drill -- ${Object.keys(drills).join('|')}`;

const say = (line: string): void => console.log(line);

/** A signal to a container's client neither kills nor freezes the server in it. */
const requirePrograms = (): void => {
  ensureServers(['redis', 'mariadb'], say);
  if ([serverProgram('redis'), serverProgram('mariadb')].some(({ type }) => type === 'docker'))
    throw new Error('a drill needs Redis and MariaDB installed: in containers they cannot be killed');
};

const build = (): void => {
  const done = spawnSync(process.execPath, [join(paths.root, 'infra/local/build.mjs')], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error('the build failed');
};

const run = async (name: string, signal: AbortSignal): Promise<number> => {
  const drill = drills[name];
  if (drill === undefined) throw new Error(`no drill is named "${name}": ${usage}`);
  requirePrograms();
  build();
  const owned = newOwned();
  const beganMs = performance.now();
  const pause = (ms: number): Promise<void> =>
    delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  say(`${name}, ${new Date().toISOString()}, Node ${process.version}`);
  try {
    const outcome = await drill({ owned, random: Math.random, pause, say });
    renderOutcome(outcome).forEach(say);
    const isGood = isKept(outcome);
    say(`${isGood ? 'kept' : 'broken'}, ${Math.round((performance.now() - beganMs) / 1_000)} s`);
    return isGood ? 0 : exitBroken;
  } finally {
    await owned.end();
  }
};

const main = async (): Promise<number> => {
  const [name] = process.argv.slice(2);
  if (name === undefined || name === '--help') {
    say(usage);
    return name === undefined ? 1 : 0;
  }
  // Every started process and server adds an exit listener, so that none survives a crash of the drill.
  process.setMaxListeners(0);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const dir = newRunDir({ prefix: 'onsale-engine-drill-', mark: 'test/drills/drill.ts' });
  process.env['ONSALE_TEST_DIR'] = dir;
  try {
    return await run(name, interruption.signal);
  } finally {
    removeWithServers(dir);
  }
};

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
