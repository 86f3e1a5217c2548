import type { Random } from '../../src/domain/ports.ts';
import { startCustomers } from '../chaos/customers.ts';
import { type Fleet, type FleetOptions, startFleet } from '../chaos/fleet.ts';
import { gapsOf, longestGap } from '../chaos/gaps.ts';
import { type History, newHistory } from '../chaos/history.ts';
import { judge } from '../chaos/judge.ts';
import { openShops } from '../chaos/open-shops.ts';
import type { Ownership } from '../chaos/owned.ts';
import { nothingParked } from '../chaos/parked.ts';
import { recovered } from '../chaos/recovered.ts';
import type { Check } from '../chaos/report.ts';
import { untilQuiet } from '../chaos/until-quiet.ts';
import { partitions, type ServerUrls } from '../chaos/world.ts';
import { runOnsale, testIdKey } from '../support/onsale.ts';
import { type DrillOutcome, renderStep, type StepReport } from './report.ts';
import { type PartitionWatch, watchPartitions } from './watch-partitions.ts';

export interface DrillKit {
  /** Registers resources that must be released when the drill ends, however it ends. */
  readonly owned: Ownership;
  readonly random: Random;
  /** Resolves after `ms`; rejects when the drill is interrupted. */
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

export interface TradeOptions {
  /** The addresses for the watch and the audit. */
  readonly urls: ServerUrls;
  /** Processes, each group with URLs of its own. */
  readonly groups: readonly Pick<FleetOptions, 'redisUrl' | 'databaseUrl' | 'apis' | 'projectors'>[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Customers who buy during the whole drill, and the observations. */
export interface Trade {
  readonly history: History;
  /** In the order of the groups. */
  readonly fleets: readonly Fleet[];
  /** One with room in each partition. */
  readonly shows: readonly string[];
  /** Carries out the step, waits for recovery, and reports what was observed meanwhile. */
  readonly step: (doing: DrillStep) => Promise<StepReport>;
  /** Stops the customers, waits until everything is decided, and checks every promise. */
  readonly end: (checks: readonly Check[]) => Promise<DrillOutcome>;
}

export interface DrillStep {
  readonly what: string;
  /**
   * Resolves to further notes for the report. Recovery counts from then on, or from the moment `over` was
   * called.
   */
  readonly act: (over: () => void) => Promise<readonly string[]>;
  /** If set, only decisions of this partition end a time without decisions. */
  readonly partition?: number;
}

export const migrated = async (databaseUrl: string): Promise<void> => {
  const { code, output } = await runOnsale(['migrate'], {
    DATABASE_URL: databaseUrl,
    ONSALE_ID_KEYS: testIdKey,
  });
  if (code !== 0) throw new Error(`not migrated: ${output}`);
};

export const startTrade = async (kit: DrillKit, options: TradeOptions): Promise<Trade> => {
  const { owned, random, say } = kit;
  const { urls, groups, env } = options;
  const fleets: Fleet[] = [];
  for (const group of groups) {
    const starting = startFleet({ ...group, env: { ONSALE_PARTITIONS: String(partitions), ...env } });
    fleets.push(await owned.own(starting, (fleet) => fleet.stop()));
  }
  const history = newHistory();
  const apis = (): readonly string[] => fleets.flatMap((fleet) => fleet.apis());
  const api = (): string => apis()[Math.floor(random() * apis().length)] ?? '';
  const shops = await owned.own(openShops({ api, history, random }), (open) => open.stop());
  const watch = await owned.own(watchPartitions(urls.databaseUrl), (watching) => watching.stop());
  const customers = await owned.own(startCustomers({ api, history, random, shops, workers: 10 }), (some) =>
    some.stop(),
  );
  const steps: StepReport[] = [];
  const probing = { fleet: { apis }, shows: shops.roomy, history };
  return {
    history,
    fleets,
    shows: shops.roomy,
    step: async (doing) => {
      const report = await stepOf(doing, { history, watch, recover: () => recovered(probing) });
      renderStep(report).forEach(say);
      if (report.recoveredMs === undefined) lastWords(fleets).forEach(say);
      steps.push(report);
      return report;
    },
    end: async (checks) => {
      await Promise.all([customers.stop(), shops.stop()]);
      for (const fleet of fleets) await fleet.whole();
      await untilQuiet(urls);
      const all = [
        ...checks,
        ...commonChecks({ history, fleets, steps }),
        await nothingParked(urls.databaseUrl),
      ];
      return { steps, checks: all, audit: await judge(urls, history) };
    },
  };
};

const wordsShown = 8;

/** The last log lines of the processes. */
const lastWords = (fleets: readonly Fleet[]): readonly string[] =>
  fleets.flatMap((fleet) =>
    [...fleet.members('api'), ...fleet.members('projector')].flatMap(({ pid, log }) =>
      log.slice(-wordsShown).map((line) => `   ${pid}: ${line}`),
    ),
  );

interface Observers {
  readonly history: History;
  readonly watch: PartitionWatch;
  readonly recover: () => Promise<number | undefined>;
}

const stepOf = async (
  { what, act, partition }: DrillStep,
  { history, watch, recover }: Observers,
): Promise<StepReport> => {
  const before = new Map(history.counts);
  const fromMs = performance.now();
  let overMs: number | undefined;
  const notes = await act(() => {
    overMs ??= performance.now();
  });
  const sinceMs = overMs ?? performance.now();
  const isDecided = (await recover()) !== undefined;
  const decidedAtMs = watch.moves
    .filter((move) => partition === undefined || move.partition === partition)
    .map(({ atMs }) => atMs);
  return {
    what,
    gapMs: longestGap(gapsOf(decidedAtMs, { fromMs, toMs: performance.now() })),
    recoveredMs: isDecided ? lastToMove(watch, sinceMs) : undefined,
    answers: answersSince(before, history.counts),
    notes,
  };
};

/** A decision that is seen sooner than this was made before. */
const lookMs = 200;

/** The time until the last partition decided again, ms; each has received a request since. */
const lastToMove = ({ moves }: PartitionWatch, sinceMs: number): number => {
  const firstByPartition = new Map<number, number>();
  for (const { partition, atMs } of moves)
    if (atMs > sinceMs + lookMs && !firstByPartition.has(partition)) firstByPartition.set(partition, atMs);
  // If all of them moved sooner than that, the exact time is not known.
  return Math.round(Math.max(sinceMs + lookMs, ...firstByPartition.values()) - sinceMs);
};

/** By answer, for all kinds of requests. */
const answersSince = (
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> => {
  const answers = new Map<string, number>();
  for (const [label, count] of now) {
    const more = count - (before.get(label) ?? 0);
    const kind = label.slice(label.indexOf(':') + 2);
    if (more > 0) answers.set(kind, (answers.get(kind) ?? 0) + more);
  }
  return Object.fromEntries([...answers].sort(([, a], [, b]) => b - a));
};

const commonChecks = ({
  history,
  fleets,
  steps,
}: Pick<Trade, 'history' | 'fleets'> & { readonly steps: readonly StepReport[] }): readonly Check[] => [
  check(
    'accepts and decides again after every step',
    steps.flatMap((step) => ('recoveredMs' in step && step.recoveredMs === undefined ? [step.what] : [])),
  ),
  check('clients were given only documented answers', history.odd),
  check(
    'no process ended without being told to',
    fleets.flatMap(({ fellOver }) => fellOver),
  ),
];

/** The check holds if the list of violations is empty. */
export const check = (what: string, broken: readonly string[]): Check => ({
  what: broken.length === 0 ? what : `${what}: ${broken.slice(0, 5).join(' | ')}`,
  verdict: broken.length === 0 ? 'kept' : 'broken',
});
