import type { Random } from '../../src/domain/ports.ts';
import { untilDecided } from '../support/partitions.ts';
import { type Customers, startCustomers } from './customers.ts';
import type { Victims } from './faults.ts';
import type { Fleet } from './fleet.ts';
import { gapsOf, longestGap, longestGapWithin, type Span } from './gaps.ts';
import { type History, newHistory } from './history.ts';
import { inject } from './inject.ts';
import { judge } from './judge.ts';
import { type OpenShops, openShops } from './open-shops.ts';
import type { Owned } from './owned.ts';
import { recovered } from './recovered.ts';
import { startRedisPair } from './redis-pair.ts';
import type { Check, InjectedFault, PartReport } from './report.ts';
import { type Length, type PlannedFault, planFaults } from './schedule.ts';
import { type OwnerLost, takeOversOf } from './take-overs.ts';
import { watchDecisions } from './watch-decisions.ts';
import { type Mariadb, makeDatabase, startProcesses } from './world.ts';

export interface DrillOptions {
  readonly seed: number;
  readonly minutes: number | undefined;
  readonly mariadb: Mariadb;
  /** Takes what is to be ended when the part ends, in whatever way. */
  readonly owned: Owned;
  readonly random: Random;
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

interface Main extends Victims {
  readonly shops: OpenShops;
  readonly customers: Customers;
  readonly losses: readonly OwnerLost[];
}

const apis = 2;
const projectors = 2;
/** More than there is time for: the clock ends a long drill, not the plan. */
const faultsPerMinute = 30;

/** Every kind of fault under load, on a Redis with a replica and ONSALE_DURABILITY=replicated: nothing may be lost. */
export const mainDrill = async (options: DrillOptions): Promise<PartReport> => {
  const beganMs = performance.now();
  const main = await startMain(options);
  const loadFromMs = performance.now();
  const faults = await injectAll(main, options);
  const load = { fromMs: loadFromMs, toMs: performance.now() };
  await main.customers.stop();
  await main.shops.stop();
  await main.fleet.whole();
  await untilDecided(main.urls());
  await main.watch.stop();
  const gaps = gapsOf(main.watch.decidedAtMs, load);
  const checks = checksOf(main, faults);
  const audit = await judge(main.urls(), main.history);
  return {
    name: 'every kind of fault under load',
    seconds: Math.round((performance.now() - beganMs) / 1_000),
    verdict:
      audit.verdict === 'kept' && checks.every(({ verdict }) => verdict !== 'broken') ? 'kept' : 'broken',
    faults: faults.map((fault) => ({ ...fault, gapMs: longestGapWithin(gaps, spanOf(fault, load)) })),
    requests: Object.fromEntries(main.history.counts),
    takeOvers: takeOversOf(main.losses, main.watch.claims),
    longestGapMs: longestGap(gaps),
    checks,
    audits: { 'after everything was decided': audit },
  };
};

const startMain = async ({ mariadb, owned, random, pause }: DrillOptions): Promise<Main> => {
  const [redis, database] = await Promise.all([
    owned.own(startRedisPair({ settings: { 'min-replicas-to-write': '1' } }), (pair) => pair.remove()),
    makeDatabase(mariadb),
  ]);
  const fleet: Fleet = await owned.own(
    startProcesses({
      redisUrl: redis.proxy.url,
      databaseUrl: database.behindWire,
      apis,
      projectors,
      durability: 'replicated',
    }),
    (running) => running.stop(),
  );
  const history: History = newHistory();
  const losses: OwnerLost[] = [];
  const api = (): string => fleet.apis()[Math.floor(random() * apis)] ?? '';
  const asking = { api, history, random };
  const shops = await owned.own(openShops(asking), (open) => open.stop());
  return {
    fleet,
    redis,
    mariadb,
    history,
    shops,
    losses,
    pause,
    watch: await owned.own(watchDecisions(database.direct), (watch) => watch.stop()),
    customers: await owned.own(startCustomers({ ...asking, shops }), (customers) => customers.stop()),
    urls: () => ({ redisUrl: redis.master().url, databaseUrl: database.direct }),
    lost: (loss) => losses.push(loss),
  };
};

const injectAll = async (
  main: Main,
  { seed, minutes, pause, say }: DrillOptions,
): Promise<readonly InjectedFault[]> => {
  const length: Length = minutes === undefined ? 'short' : 'long';
  const rounds = minutes === undefined ? 1 : Math.ceil(minutes * faultsPerMinute);
  const beganMs = performance.now();
  const endMs = minutes === undefined ? Number.POSITIVE_INFINITY : beganMs + minutes * 60_000;
  const done: InjectedFault[] = [];
  for (const planned of planFaults(seed, { rounds, length })) {
    if (performance.now() > endMs) break;
    await pause(planned.restMs);
    const fault = await injectOne(planned, main, beganMs);
    done.push(fault);
    say(sentenceOf(fault));
    if (fault.recoveredMs === undefined) break;
  }
  return done;
};

const injectOne = async (planned: PlannedFault, main: Main, beganMs: number): Promise<InjectedFault> => {
  const fromMs = performance.now();
  const seen = await inject(planned, main);
  const tookMs = Math.round(performance.now() - fromMs);
  const probing = { apis: main.fleet.apis, shows: main.shops.roomy, history: main.history };
  const [recoveredMs] = await Promise.all([recovered(probing), main.fleet.whole()]);
  return { ...planned, ...seen, atMs: Math.round(fromMs - beganMs), tookMs, recoveredMs, gapMs: 0 };
};

const sentenceOf = ({ atMs, kind, tookMs, recoveredMs, notes, wrong }: InjectedFault): string => {
  const recovery = recoveredMs === undefined ? 'DID NOT RECOVER' : `recovered after ${recoveredMs} ms`;
  const remarks = [...notes, ...wrong.map((what) => `WRONG: ${what}`)].map((text) => `; ${text}`).join('');
  return `${(atMs / 1_000).toFixed(1).padStart(7)} s  ${kind}, ${tookMs} ms, ${recovery}${remarks}`;
};

const spanOf = ({ atMs, tookMs, recoveredMs = 0 }: InjectedFault, { fromMs }: Span): Span => ({
  fromMs: fromMs + atMs,
  toMs: fromMs + atMs + tookMs + recoveredMs,
});

const checksOf = (main: Main, faults: readonly InjectedFault[]): readonly Check[] => {
  const { odd } = main.history;
  const { fellOver } = main.fleet;
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
    check('clients were given only documented answers', odd),
    check('no process ended without being told to', fellOver),
  ];
};
