import { openShow } from '../../support/client.ts';
import type { Trial } from '../against/trial.ts';
import { appendBacklog } from '../append-backlog.ts';
import { fillByHttp } from '../fill-by-http.ts';
import { inTurns } from '../in-turns.ts';
import { commonOf, cpuFigure } from '../lines.ts';
import { bySender } from '../loaders.ts';
import { patientDoor } from '../measure-drain.ts';
import {
  measureThroughput,
  outcomeOf,
  plenty,
  type Throughput,
  warmSecondsOf,
} from '../measure-throughput.ts';
import { numberText } from '../render-table.ts';
import { type Build, ownBuild } from '../sides/build.ts';
import { ourSide } from '../sides/our-side.ts';
import type { OurRunningSide, RunningSide } from '../sides/side.ts';
import { untilDecided } from '../until-decided.ts';
import type { Bench, RunPart } from './part.ts';

interface Size {
  readonly id: string;
  readonly name: string;
  readonly shows: number;
  readonly projectors: number;
  /** Number of existing reservations. */
  readonly rows: number;
  /** Default: as many as an installation has. */
  readonly partitions?: number;
}

type SizeOf = (asked: Bench['asked']) => Size;

const small = { shows: 1, projectors: 1, rows: 0 };
const manyIn = ({ quick }: Bench['asked']): number => (quick ? 500 : 5_000);

const oneShow: SizeOf = () => ({ id: 'onsale', name: 'onsale, 1 show', ...small });
const manyShows: SizeOf = (asked) => {
  const shows = manyIn(asked);
  return { id: 'onsale-shows', name: `onsale, ${numberText(shows)} shows`, ...small, shows };
};
/** The floor of many shows: what rows, boards and messages of so many shows cost, whatever the number of partitions. */
const onePartition: SizeOf = (asked) => {
  const shows = manyIn(asked);
  const name = `onsale, ${numberText(shows)} shows, 1 partition`;
  return { id: 'onsale-partition', name, ...small, shows, partitions: 1 };
};
const manyProjectors: SizeOf = (asked) => {
  const shows = manyIn(asked);
  const name = `onsale, ${numberText(shows)} shows, 4 projectors`;
  return { id: 'onsale-projectors', name, ...small, shows, projectors: 4 };
};
const manyRows: SizeOf = ({ quick, count: rows = quick ? 100_000 : 2_000_000 }) => ({
  id: 'onsale-rows',
  name: `onsale, ${numberText(rows)} rows before`,
  ...small,
  rows,
});

/** The cost of a reservation as data grow. CPU time, because it hardly varies on a noisy machine. */
export const growth: RunPart = async (bench) => {
  const sizes = [oneShow, onePartition, manyShows, manyProjectors, manyRows].map((sizeOf) =>
    sizeOf(bench.asked),
  );
  const measured = await inTurns(sizes, bench.asked.rounds, (size) =>
    costAt(size, bench, { build: ownBuild, fill: inOurEncoding(bench) }),
  );
  return [...measured].flatMap(([size, runs]) => [
    { ...commonOf('growth', size), ...cpuFigure(runs) },
    {
      ...commonOf('growth', size),
      figure: 'committed',
      unit: '/s',
      values: runs.map(({ committedPerSecond }) => committedPerSecond),
    },
  ]);
};

// Existing rows are written by HTTP, so there are fewer of them.
const rowsBefore = 300_000;

/** The case of one show is that of `throughput`. */
export const growthTrials: readonly Trial[] = [
  { name: 'many shows', sizeOf: manyShows },
  { name: 'many shows, 4 projectors', sizeOf: manyProjectors },
  { name: 'many rows', sizeOf: manyRows },
  { name: 'many shows, one partition', sizeOf: onePartition },
].map(({ name, sizeOf }) => ({
  name,
  play: async (build, bench) => {
    const { count = bench.asked.quick ? undefined : rowsBefore } = bench.asked;
    return outcomeOf(await costAt(sizeOf({ ...bench.asked, count }), bench, { build, fill: byHttp }));
  },
}));

const costAt = async (
  { name, shows, projectors, rows, partitions }: Size,
  bench: Bench,
  { build, fill }: GrowthRun,
): Promise<Throughput> => {
  const { quick, seconds = quick ? 3 : 15 } = bench.asked;
  const env = { ...patientDoor, ...(partitions && { ONSALE_PARTITIONS: String(partitions) }) };
  const ours = ourSide({ name, projectors, build, env });
  const showIds: string[] = [];
  let prepared: (() => Promise<void>) | undefined;
  const side = {
    ...ours,
    start: async (options: Parameters<typeof ours.start>[0]): Promise<RunningSide> => {
      const running = await ours.start(options);
      prepared = () => prepare(running, { fill, rows, shows, showIds });
      return { ...running, target: { ...running.target, body: { ...running.target.body, showId: '{n}' } } };
    },
  };
  return await measureThroughput(side, {
    ...bench,
    prepare: async () => await prepared?.(),
    load: (target, loading) => bySender({}, { texts: showIds })(target, loading),
    seconds,
    warmSeconds: warmSecondsOf(bench),
  });
};

type Fill = (running: OurRunningSide, entries: number) => Promise<void>;

const inOurEncoding =
  ({ servers }: Bench): Fill =>
  async ({ showId }, entries) => {
    await appendBacklog({ ...servers.urls, showId, customer: 'earlier', entries });
  };

/** A build writes its own entries, by HTTP. */
const byHttp: Fill = ({ target }, entries) => fillByHttp(target, { entries });

interface GrowthRun {
  readonly build: Build;
  readonly fill: Fill;
}

interface GrowthPlan {
  readonly fill: Fill;
  readonly rows: number;
  readonly shows: number;
  /** The shows that were filled. */
  readonly showIds: string[];
}

const prepare = async (
  running: OurRunningSide,
  { fill, rows, shows, showIds }: GrowthPlan,
): Promise<void> => {
  const { showId } = running;
  showIds.push(showId, ...(await openShows(new URL(running.target.url).origin, shows - 1)));
  // In pieces: all of it would exceed the memory limit of Redis.
  for (let left = rows; left > 0; left -= rowsAtOnce) {
    const entries = Math.min(left, rowsAtOnce);
    const before = await running.decided();
    await fill(running, entries);
    await untilDecided(running, before + entries);
  }
};

const rowsAtOnce = 1_000_000;
const openingAtOnce = 50;

const openShows = async (api: string, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  let left = count;
  const openSome = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      ids.push(await openShow(api, { stalls: plenty }));
    }
  };
  await Promise.all(Array.from({ length: openingAtOnce }, openSome));
  return ids;
};
