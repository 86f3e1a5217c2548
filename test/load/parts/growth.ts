import { openShow } from '../../support/client.ts';
import { appendBacklog } from '../append-backlog.ts';
import { inTurns } from '../in-turns.ts';
import { commonOf, cpuFigure } from '../lines.ts';
import { bySender } from '../loaders.ts';
import { measureThroughput, plenty, type Throughput, warmSecondsOf } from '../measure-throughput.ts';
import { numberText } from '../render-table.ts';
import { ourSide } from '../sides/our-side.ts';
import type { OurRunningSide, RunningSide } from '../sides/side.ts';
import { untilDecided } from '../until-decided.ts';
import type { Bench, RunPart } from './part.ts';

interface Size {
  readonly id: string;
  readonly name: string;
  readonly shows: number;
  readonly projectors: number;
  /** Reservations that are there already. */
  readonly rows: number;
}

const sizesOf = ({ quick, count = quick ? 100_000 : 2_000_000 }: Bench['asked']): readonly Size[] => {
  const many = quick ? 500 : 5_000;
  const small = { shows: 1, projectors: 1, rows: 0 };
  return [
    { id: 'onsale', name: 'onsale, 1 show', ...small },
    { id: 'onsale-shows', name: `onsale, ${numberText(many)} shows`, ...small, shows: many },
    {
      id: 'onsale-projectors',
      name: `onsale, ${numberText(many)} shows, 4 projectors`,
      ...small,
      shows: many,
      projectors: 4,
    },
    { id: 'onsale-rows', name: `onsale, ${numberText(count)} rows before`, ...small, rows: count },
  ];
};

/** What a reservation costs where there is more of everything. CPU time, because it is the same on a noisy machine. */
export const growth: RunPart = async (bench) => {
  const measured = await inTurns(sizesOf(bench.asked), bench.asked.rounds, (size) => costAt(size, bench));
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

const costAt = async ({ name, shows, projectors, rows }: Size, bench: Bench): Promise<Throughput> => {
  const { quick, seconds = quick ? 3 : 15 } = bench.asked;
  const ours = ourSide({ name, projectors });
  const showIds: string[] = [];
  let prepared: (() => Promise<void>) | undefined;
  const side = {
    ...ours,
    start: async (options: Parameters<typeof ours.start>[0]): Promise<RunningSide> => {
      const running = await ours.start(options);
      prepared = () => prepare(running, { ...options, rows, shows, showIds });
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

interface Preparing {
  readonly redisUrl: string;
  readonly rows: number;
  readonly shows: number;
  /** Filled. */
  readonly showIds: string[];
}

const prepare = async (
  running: OurRunningSide,
  { redisUrl, rows, shows, showIds }: Preparing,
): Promise<void> => {
  const { showId } = running;
  showIds.push(showId, ...(await openShows(new URL(running.target.url).origin, shows - 1)));
  // Bit by bit: all of it would not fit into the memory that Redis may have.
  for (let left = rows; left > 0; left -= rowsAtOnce) {
    const entries = Math.min(left, rowsAtOnce);
    const before = await running.decided();
    await appendBacklog({ redisUrl, showId, customer: 'earlier', entries });
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
