import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureServers } from '../../infra/local/install-servers.ts';
import { paths } from '../../infra/local/paths.ts';
import { judge } from '../chaos/judge.ts';
import { newOwned } from '../chaos/owned.ts';
import { nothingParked } from '../chaos/parked.ts';
import { untilQuiet } from '../chaos/until-quiet.ts';
import { describeMachine, machineText } from '../load/machine.ts';
import { newRunDir, removeWithServers } from '../support/run-dir.ts';
import { drawText } from './draw-text.ts';
import { factorFor, story } from './load-curve.ts';
import { play, untilDrained } from './play.ts';
import { type Arguments, readArguments, usage } from './read-arguments.ts';
import { readScalingRules } from './scaling-rules.ts';
import { startStage } from './start-stage.ts';
import type { Moment } from './timeline.ts';
import { summaryOf, writeTimeline } from './write-timeline.ts';

/**
 * `npm run scale`: a cluster's autoscaler, played with processes on this machine during an on-sale, and an
 * audit of the result. Exit status 0: every promise was kept; 3: one was broken; 1: it could not be played.
 */
const exitBroken = 3;

const say = (line: string): void => console.log(line);

const scaledObject = join(paths.root, 'infra/k8s/components/keda/scaled-object.yaml');

const build = (): void => {
  const done = spawnSync(process.execPath, [join(paths.root, 'infra/local/build.mjs')], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error('the build failed');
};

const lineOf = ({ atSeconds, act, lag, wanted, told, running }: Moment): string =>
  [
    `${(atSeconds / 60).toFixed(1).padStart(5)} min`,
    act.padEnd(10),
    `lag ${String(lag).padStart(7)}`,
    `wanted ${String(wanted).padStart(2)}`,
    `told ${told}`,
    `running ${running}`,
  ].join('  ');

const announce = ({ minutes, most }: Arguments, factor: number): void => {
  say(
    `${story.seconds / 60} minutes in ${minutes}: time runs ${factor.toFixed(1)} times as fast, work does not`,
  );
  say(`rules: ${relative(paths.root, scaledObject)}; at most ${most} projectors here`);
};

const run = async (given: Arguments, signal: AbortSignal): Promise<number> => {
  const startedAt = new Date().toISOString();
  const rules = readScalingRules(readFileSync(scaledObject, 'utf8'));
  const factor = factorFor(given.minutes);
  announce(given, factor);
  ensureServers(['redis', 'mariadb'], say);
  build();
  const owned = newOwned();
  try {
    const stage = await startStage(owned, rules.triggers.length);
    const onMoment = (moment: Moment): void => say(lineOf(moment));
    const played = await play(stage, { ...given, rules, factor, signal, onMoment });
    await stage.customers.stop();
    // The interrupt may have ended processes as well, so the result would prove nothing.
    signal.throwIfAborted();
    await untilDrained(stage, rules);
    await untilQuiet(stage.urls);
    const parked = await nothingParked(stage.urls.databaseUrl);
    const audit = await judge(stage.urls, stage.history);
    const broken = [
      ...Object.entries(audit.findings).flatMap(([name, found]) =>
        found.map(({ about, what }) => `${name}: ${about}: ${what}`),
      ),
      ...(parked.verdict === 'kept' ? [] : [parked.what]),
      ...stage.history.odd.map((what) => `undocumented answer: ${what}`),
      ...stage.fleet.fellOver.map((what) => `ended without being told to: ${what}`),
    ];
    const machine = await describeMachine(stage.urls);
    const summary = summaryOf(played, { decisions: audit.looked.decisions, broken });
    say(`\n${drawText(played)}\n`);
    for (const line of summary) say(line);
    for (const failed of stage.fleet.failedStarts) say(`started again: ${failed}`);
    say(machineText(machine));
    if (given.write)
      for (const file of writeTimeline(played, { startedAt, given, factor, machine, summary })) say(file);
    return broken.length === 0 ? 0 : exitBroken;
  } finally {
    await owned.end();
  }
};

const main = async (): Promise<number> => {
  const given = readArguments(process.argv.slice(2));
  // Every started process and server adds an exit listener, so that none survives a crash.
  process.setMaxListeners(0);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const dir = newRunDir({ prefix: 'onsale-scale-', mark: 'test/scale/scale.ts' });
  process.env['ONSALE_TEST_DIR'] = dir;
  try {
    return await run(given, interruption.signal);
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
