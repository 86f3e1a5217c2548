import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Outcome, otherAnswers } from './against/trial.ts';
import { type ByName, cpuWhile, microsEach } from './cpu-time.ts';
import type { Loader, LoadFigures } from './loaders.ts';
import type { Bench } from './parts/part.ts';
import { numberText } from './render-table.ts';
import type { RunningSide, Side } from './sides/side.ts';

export interface ThroughputOptions extends Bench {
  readonly load: Loader;
  readonly seconds: number;
  readonly warmSeconds: number;
  /** Creates what must exist before the load, e.g. many rows. */
  readonly prepare?: (running: RunningSide) => Promise<void>;
}

export interface Throughput {
  readonly loaded: LoadFigures;
  readonly acceptedPerSecond: number;
  /** Over the time until the last of them was committed. */
  readonly committedPerSecond: number;
  /** Accepted and not yet committed when the load ended. */
  readonly backlog: number;
  /** CPU time per committed request, by process. */
  readonly cpuMicros: ByName;
}

export const plenty = 2_000_000_000;
const settleLimitMs = 300_000;

/** Until V8 has compiled the hot code, four projectors cost twice as much and a hot show 10 % more. */
export const warmSecondsOf = ({ asked: { quick } }: Bench): number => (quick ? 1 : 20);

/** One side on empty servers: warm up, load, and wait until everything accepted is committed. */
export const measureThroughput = async (side: Side, options: ThroughputOptions): Promise<Throughput> => {
  const running = await side.start({ ...(await options.servers.fresh()), capacity: plenty });
  try {
    await options.prepare?.(running);
    const { load, warmSeconds } = options;
    await settled(running, () => load(running.target, { seconds: warmSeconds, from: 0 }));
    const pids = { ...running.pids(), ...options.servers.pids };
    const { result, cpuMs } = await cpuWhile(pids, () => loadAndSettle(running, options));
    const figures = throughputOf(result, cpuMs);
    options.say(
      `${side.name}: ${numberText(figures.committedPerSecond)}/s committed, backlog ${figures.backlog}`,
    );
    return figures;
  } finally {
    await running.stop();
  }
};

interface SettledLoad {
  readonly loaded: LoadFigures;
  readonly backlog: number;
  readonly tookMs: number;
}

// The number of requests of the warm-up is unknown, so the load's numbers begin far above it.
const loadFrom = 50_000_000;

const loadAndSettle = (
  running: RunningSide,
  { load, seconds }: Pick<ThroughputOptions, 'load' | 'seconds'>,
): Promise<SettledLoad> => settled(running, () => load(running.target, { seconds, from: loadFrom }));

const settled = async (running: RunningSide, load: () => Promise<LoadFigures>): Promise<SettledLoad> => {
  const before = await running.decided();
  const loaded = await load();
  const endedMs = performance.now();
  const missing = async (): Promise<number> => loaded.accepted - ((await running.decided()) - before);
  const backlog = Math.max(0, await missing());
  const limits = { limitMs: settleLimitMs, everyMs: 50 };
  if (backlog > 0 && !(await waitUntil(async () => (await missing()) <= 0, limits)))
    throw new Error(`${await missing()} of ${loaded.accepted} accepted requests were not committed in time`);
  const settlingMs = backlog > 0 ? performance.now() - endedMs : 0;
  return { loaded, backlog, tookMs: loaded.seconds * 1_000 + settlingMs };
};

/** Result of a trial. */
export const outcomeOf = ({ cpuMicros, committedPerSecond, loaded }: Throughput): Outcome => ({
  cpuMicros,
  figures: [
    { figure: 'committed', unit: '/s', value: committedPerSecond },
    otherAnswers(loaded.refused + loaded.failed),
  ],
});

const throughputOf = ({ loaded, backlog, tookMs }: SettledLoad, cpuMs: ByName): Throughput => {
  const { accepted } = loaded;
  return {
    loaded,
    acceptedPerSecond: accepted / loaded.seconds,
    committedPerSecond: (accepted * 1_000) / tookMs,
    backlog,
    cpuMicros: microsEach(cpuMs, accepted),
  };
};
