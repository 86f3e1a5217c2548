import type { Victims } from './faults.ts';
import { gapsOf, longestGap, longestGapWithin, type Span } from './gaps.ts';
import { inject } from './inject.ts';
import { judge } from './judge.ts';
import { judgeFeed } from './judge-feed.ts';
import { nothingParked } from './parked.ts';
import { recovered } from './recovered.ts';
import { startRedisPair } from './redis-pair.ts';
import type { Check, InjectedFault, PartReport } from './report.ts';
import { type PlannedFault, planFaults } from './schedule.ts';
import { type DrillOptions, type Sale, startSale } from './start-sale.ts';
import { type OwnerLoss, takeOversOf } from './take-overs.ts';
import { untilQuiet } from './until-quiet.ts';

interface Main extends Victims {
  readonly sale: Sale;
  readonly losses: readonly OwnerLoss[];
}

/** More than fit into the time: the clock ends a long drill, not the plan. */
const roundsPerMinute = 3;

/**
 * Every kind of fault under load, on a Redis with a replica and ONSALE_DURABILITY=replicated: nothing may be
 * lost.
 */
export const mainDrill = async (options: DrillOptions): Promise<PartReport> => {
  const beganMs = performance.now();
  const main = await startMain(options);
  const { sale } = main;
  const fromMs = performance.now();
  const faults = await injectAll(main, options);
  const load = { fromMs, toMs: performance.now() };
  await sale.close();
  await sale.fleet.whole();
  await untilQuiet(main.urls());
  const gaps = gapsOf(sale.watch.decidedAtMs, load);
  await sale.walk.toTheEnd();
  await sale.walk.stop();
  const checks = [
    ...checksOf(main, faults),
    await nothingParked(sale.databaseUrl),
    await judgeFeed(main.urls(), sale.walk),
  ];
  const audit = await judge(main.urls(), sale.history);
  return {
    name: 'every kind of fault under load',
    seconds: Math.round((performance.now() - beganMs) / 1_000),
    verdict:
      audit.verdict === 'kept' && checks.every(({ verdict }) => verdict !== 'broken') ? 'kept' : 'broken',
    faults: faults.map((fault) => ({ ...fault, gapMs: longestGapWithin(gaps, spanOf(fault, load)) })),
    requests: Object.fromEntries(sale.history.counts),
    takeOvers: takeOversOf(main.losses, sale.watch.claims),
    longestGapMs: longestGap(gaps),
    checks,
    audits: { 'after everything was decided': audit },
  };
};

const startMain = async (options: DrillOptions): Promise<Main> => {
  const { mariadb, owned, pause } = options;
  const settings = { 'min-replicas-to-write': '1' };
  const redis = await owned.own(startRedisPair({ settings }), (pair) => pair.remove());
  const sale = await startSale(options, {
    redisUrl: redis.proxy.url,
    apis: 2,
    projectors: 2,
    durability: 'replicated',
    crowd: 'any',
  });
  const losses: OwnerLoss[] = [];
  return {
    ...sale,
    sale,
    redis,
    mariadb,
    losses,
    pause,
    urls: () => ({ redisUrl: redis.master().url, databaseUrl: sale.databaseUrl }),
    lost: (loss) => losses.push(loss),
  };
};

const injectAll = async (
  main: Main,
  { seed, minutes, pause, say }: DrillOptions,
): Promise<readonly InjectedFault[]> => {
  const plan =
    minutes === undefined
      ? planFaults(seed, { rounds: 1, length: 'short' })
      : planFaults(seed, { rounds: Math.ceil(minutes * roundsPerMinute), length: 'long' });
  const beganMs = performance.now();
  const isOver = (): boolean => minutes !== undefined && performance.now() > beganMs + minutes * 60_000;
  const done: InjectedFault[] = [];
  for (const planned of plan) {
    if (isOver()) break;
    await pause(planned.restMs);
    const fault = await injectOne(planned, main, beganMs);
    done.push(fault);
    say(lineOf(fault));
    if (fault.recoveredMs === undefined) break;
  }
  return done;
};

const injectOne = async (planned: PlannedFault, main: Main, beganMs: number): Promise<InjectedFault> => {
  const fromMs = performance.now();
  const seen = await inject(planned, main);
  const tookMs = Math.round(performance.now() - fromMs);
  const [recoveredMs] = await Promise.all([recovered(main.sale), main.fleet.whole()]);
  return { ...planned, ...seen, atMs: Math.round(fromMs - beganMs), tookMs, recoveredMs, gapMs: 0 };
};

const lineOf = ({ atMs, kind, tookMs, recoveredMs, notes, wrong }: InjectedFault): string => {
  const recovery = recoveredMs === undefined ? 'DID NOT RECOVER' : `recovered after ${recoveredMs} ms`;
  const remarks = [...notes, ...wrong.map((what) => `WRONG: ${what}`)].map((text) => `; ${text}`).join('');
  return `${(atMs / 1_000).toFixed(1).padStart(7)} s  ${kind}, ${tookMs} ms, ${recovery}${remarks}`;
};

const spanOf = ({ atMs, tookMs, recoveredMs = 0 }: InjectedFault, { fromMs }: Span): Span => ({
  fromMs: fromMs + atMs,
  toMs: fromMs + atMs + tookMs + recoveredMs,
});

const checksOf = ({ fleet, history }: Main, faults: readonly InjectedFault[]): readonly Check[] => {
  const unrecovered = faults.filter(({ recoveredMs }) => recoveredMs === undefined);
  const check = (what: string, broken: readonly string[]): Check => ({
    what: broken.length === 0 ? what : `${what}: ${broken.slice(0, 5).join(' | ')}`,
    verdict: broken.length === 0 ? 'kept' : 'broken',
  });
  return [
    check(
      'accepts and decides again after every fault',
      unrecovered.map(({ kind }) => kind),
    ),
    check(
      'promises looked at while a fault lasted',
      faults.flatMap(({ wrong }) => wrong),
    ),
    check('clients were given only documented answers', history.odd),
    check('no process ended without being told to', fleet.fellOver),
    {
      what: `processes started ready at the first try, but for ${fleet.failedStarts.length}`,
      verdict: fleet.failedStarts.length === 0 ? 'kept' : 'skipped',
    },
  ];
};
