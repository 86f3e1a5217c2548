import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { startBenchServers } from './bench-servers.ts';
import { describeMachine, machineText } from './machine.ts';
import type { Measured } from './measured.ts';
import type { Found } from './parts/part.ts';
import { runsOf } from './parts/runs.ts';
import { rate } from './rate.ts';
import { type Arguments, readArguments, usage } from './read-arguments.ts';
import { renderTable } from './render-table.ts';
import { writeResults } from './write-results.ts';

/**
 * How fast, beside what people use, with the servers' settings we ship and the load generator on the same machine. A figure
 * means something only beside another one of the same run.
 */
const say = (line: string): void => console.log(line);

const build = (): void => {
  const done = spawnSync(process.execPath, [join(paths.root, 'infra/local/build.mjs')], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error('the build failed');
};

const bench = async (asked: Arguments): Promise<void> => {
  build();
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const { limitSeconds = Number.POSITIVE_INFINITY } = asked;
  const isLate = (): boolean => performance.now() - startedMs > limitSeconds * 1_000;
  const servers = await startBenchServers();
  const found: Found = { kept: new Map() };
  const measured: Measured[] = [];
  try {
    const machine = await describeMachine(servers.urls);
    for (const part of asked.parts) {
      if (isLate()) {
        say(`== ${part}: left out, the time of a quick run is up`);
        continue;
      }
      say(`== ${part}`);
      const began = performance.now();
      measured.push(...(await runsOf[part]({ servers, asked, say, isLate, found })));
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

const askedFor = (): Arguments | undefined => {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return undefined;
  }
};

// What is started is stopped or killed on the way out, whoever ends the run.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));
const asked = askedFor();
if (asked) await bench(asked);
else process.exitCode = 2;
