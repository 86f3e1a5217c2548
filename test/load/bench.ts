import { join } from 'node:path';
import { ensureServers } from '../../infra/local/install-servers.ts';
import { paths } from '../../infra/local/paths.ts';
import { newRunDir, removeWithServers } from '../support/run-dir.ts';
import { playAgainst } from './against/play-against.ts';
import { resolveCommit } from './against/resolve-commit.ts';
import { startBenchServers } from './bench-servers.ts';
import { describeMachine, machineText } from './machine.ts';
import type { Measurement } from './measured.ts';
import type { Bench, SharedFindings } from './parts/part.ts';
import { runsOf } from './parts/runs.ts';
import { rate } from './rate.ts';
import { type Arguments, readArguments, usage } from './read-arguments.ts';
import { renderTable } from './render-table.ts';
import { runProgram } from './run-program.ts';
import { writeResults } from './write-results.ts';

/**
 * How fast onsale is, compared with what people use or with an older commit. The servers have the settings
 * that we ship, and the load generator runs on the same machine. A figure can only be compared with another
 * one of the same run.
 */
const say = (line: string): void => console.log(line);

const buildLimitMs = 300_000;

const build = async (): Promise<void> => {
  const args = [join(paths.root, 'infra/local/build.mjs')];
  await runProgram({ program: process.execPath, args, limitMs: buildLimitMs });
};

const measureParts = async (bench: Omit<Bench, 'servers'>, dir: string): Promise<void> => {
  const { asked, isLate, found } = bench;
  const startedAt = new Date().toISOString();
  const servers = await startBenchServers({ dir: join(dir, 'servers'), files: paths });
  const measured: Measurement[] = [];
  try {
    const machine = await describeMachine(servers.urls);
    for (const part of asked.parts) {
      if (isLate()) {
        say(`== ${part}: left out, the time of a quick run is up`);
        continue;
      }
      say(`== ${part}`);
      const began = performance.now();
      measured.push(...(await runsOf[part]({ ...bench, servers })));
      say(`(${Math.round((performance.now() - began) / 1_000)} s)`);
    }
    const lines = rate(measured);
    say(`\n${renderTable(lines, found.kept)}\n${machineText(machine)}`);
    if (asked.write) {
      const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
      say(writeResults({ startedAt, command, machine, lines, kept: found.kept }).join('\n'));
    }
  } finally {
    await servers.stop();
  }
};

const bench = async (asked: Arguments): Promise<void> => {
  const startedMs = performance.now();
  const { limitSeconds = Number.POSITIVE_INFINITY, against } = asked;
  const isLate = (): boolean => performance.now() - startedMs > limitSeconds * 1_000;
  const found: SharedFindings = { kept: new Map() };
  const plan = { asked, say, isLate, found };
  const commit = against && (await resolveCommit(against.commit, paths.root));
  if (against && !commit)
    return refuse(
      `--against: git has no commit "${against.commit}" in ${paths.root}: fetch it, or name another one`,
    );
  const dir = newRunDir({ parent: paths.state, prefix: 'bench-', mark: 'bench.ts' });
  // However the run ends, no servers, large files or built commits are left.
  process.once('exit', () => removeWithServers(dir));
  ensureServers(['redis', 'mariadb'], say);
  await build();
  if (!against || !commit) return await measureParts(plan, dir);
  const fault = await playAgainst({ commit, parts: against.parts, bench: plan, dir });
  if (fault !== undefined) refuse(fault);
};

const refuse = (why: string): void => {
  console.error(why);
  process.exitCode = 2;
};

const askedFor = (): Arguments | undefined => {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
    return undefined;
  }
};

// All started processes are stopped or killed at exit, however the run ends.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));
if (process.argv.includes('--help')) say(usage);
else {
  const asked = askedFor();
  if (asked) await bench(asked);
}
