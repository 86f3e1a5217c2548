import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureServers, serverProgram } from '../../infra/local/install-servers.ts';
import { paths } from '../../infra/local/paths.ts';
import { newRunDir, removeWithServers } from '../support/run-dir.ts';
import { failoverDrill } from './failover-drill.ts';
import { mainDrill } from './main-drill.ts';
import { newOwned } from './owned.ts';
import { powerLossDrill } from './power-loss-drill.ts';
import { type Arguments, type DrillPart, readArguments, usage } from './read-arguments.ts';
import { renderReport } from './render-report.ts';
import type { DrillReport, PartReport } from './report.ts';
import { seededRandom } from './seeded-random.ts';
import type { DrillOptions } from './start-sale.ts';
import { startMariadbBehindWire } from './world.ts';

/**
 * `npm run chaos`: real processes under load while servers, processes and connections are broken, and an
 * audit of the result. Exit status 0: every promise was kept; 3: one was broken; 1: the drill could not be
 * run.
 */
const exitBroken = 3;

const say = (line: string): void => console.log(line);

const parts: Readonly<Record<DrillPart, (options: DrillOptions) => Promise<readonly PartReport[]>>> = {
  main: async (options) => [await mainDrill(options)],
  failover: async (options) => [await failoverDrill(options)],
  'power-loss': powerLossDrill,
};

/** A signal to a container's client neither pauses nor kills the server in it. */
const requirePrograms = (): void => {
  const servers = [serverProgram('redis'), serverProgram('mariadb')];
  if (servers.some(({ type }) => type === 'docker'))
    throw new Error('the fault drill needs Redis and MariaDB installed: in containers they cannot be paused');
};

const build = (): void => {
  const done = spawnSync(process.execPath, [join(paths.root, 'infra/local/build.mjs')], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error('the build failed');
};

type Common = Omit<DrillOptions, 'owned'>;

const runPart = async (part: DrillPart, options: Common): Promise<readonly PartReport[]> => {
  const owned = newOwned();
  try {
    return await parts[part]({ ...options, owned });
  } finally {
    await owned.end();
  }
};

/**
 * The main part breaks the MariaDB that the others share, so those run after it; they do not affect each
 * other.
 */
const runParts = async (given: Arguments, signal: AbortSignal): Promise<readonly PartReport[]> => {
  const owned = newOwned();
  const pause = (ms: number): Promise<void> =>
    delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  try {
    const mariadb = await owned.own(startMariadbBehindWire(), (server) => server.remove());
    const options = { ...given, mariadb, random: seededRandom(given.seed + 1), pause, say };
    const reports: PartReport[] = [];
    for (const together of [['main'], ['failover', 'power-loss']] as const) {
      signal.throwIfAborted();
      const wanted = together.filter((part) => given.only.includes(part));
      if (wanted.length > 0) say(`-- ${wanted.join(', ')}`);
      const ended = await Promise.allSettled(wanted.map((part) => runPart(part, options)));
      for (const end of ended) {
        if (end.status === 'rejected') throw end.reason;
        reports.push(...end.value);
      }
    }
    return reports;
  } finally {
    await owned.end();
  }
};

const drill = async (signal: AbortSignal): Promise<number> => {
  const given = readArguments(process.argv.slice(2), () => Math.floor(Math.random() * 1_000_000));
  const out = given.out ?? mkdtempSync(join(tmpdir(), 'onsale-drill-report-'));
  say(`seed ${given.seed}`);
  ensureServers(['redis', 'mariadb'], say);
  requirePrograms();
  build();
  const began = Date.now();
  const reports = await runParts(given, signal);
  const report: DrillReport = {
    version: versionOf(readFileSync(join(paths.root, 'package.json'), 'utf8')),
    node: process.version,
    startedAt: new Date(began).toISOString(),
    seed: given.seed,
    command: commandOf(given),
    seconds: Math.round((Date.now() - began) / 1_000),
    verdict: reports.every(({ verdict }) => verdict === 'kept') ? 'kept' : 'broken',
    parts: reports,
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(out, 'report.md'), renderReport(report));
  for (const { name, verdict } of reports) say(`${verdict.padEnd(7)} ${name}`);
  say(`${report.verdict}, ${report.seconds} s; report: ${join(out, 'report.md')}`);
  return report.verdict === 'kept' ? 0 : exitBroken;
};

const versionOf = (text: string): string => String(JSON.parse(text).version);

const commandOf = ({ seed, minutes, only }: Arguments): string => {
  const chosen = only.map((part) => ` --only ${part}`).join('');
  return `npm run chaos -- --seed ${seed}${minutes === undefined ? '' : ` --minutes ${minutes}`}${chosen}`;
};

const main = async (): Promise<number> => {
  // Every started process and server adds an exit listener, so that none survives a crash of the drill.
  process.setMaxListeners(0);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const dir = newRunDir({ prefix: 'onsale-chaos-', mark: 'test/chaos/chaos.ts' });
  process.env['ONSALE_TEST_DIR'] = dir;
  try {
    return await drill(interruption.signal);
  } finally {
    removeWithServers(dir);
  }
};

const help = async (): Promise<number> => {
  say(usage);
  return 0;
};

process.exitCode = await (process.argv.includes('--help') ? help() : main()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
