import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { rssOf } from '../cpu-time.ts';
import { commonOf } from '../lines.ts';
import { connections, planFor } from '../loaders.ts';
import { plenty } from '../measure-throughput.ts';
import type { Measurement } from '../measured.ts';
import { numberText } from '../render-table.ts';
import { acceptedIn, sendPlan, unwantedIn } from '../send-plan.ts';
import { ourSide } from '../sides/our-side.ts';
import type { OurRunningSide } from '../sides/side.ts';
import { untilDecided } from '../until-decided.ts';
import type { Bench, RunPart } from './part.ts';

/** The values at one moment, by name. */
type Sample = Readonly<Record<string, number>>;

const everyMs = 2_000;
const megabyte = 1_048_576;

/**
 * Many reservations in one run, to see whether anything grows that should not. Values are samples over time,
 * not rounds.
 */
export const soak: RunPart = async (bench) => {
  const { quick, count = quick ? 50_000 : 5_000_000 } = bench.asked;
  const side = ourSide();
  const running = await side.start({ ...(await bench.servers.fresh()), capacity: plenty });
  const samples: Sample[] = [];
  try {
    const before = await running.decided();
    const ended = new AbortController();
    const sampling = sampleUntil(ended.signal, running, { bench, samples });
    const began = performance.now();
    const load = { type: 'closed', connections, seconds: 86_400, max: count } as const;
    const result = await sendPlan(planFor(running.target, load));
    const accepted = acceptedIn(result);
    await untilDecided(running, before + accepted);
    const seconds = (performance.now() - began) / 1_000;
    ended.abort();
    await sampling;
    const note = [`${numberText(accepted)} in ${numberText(seconds)} s`, unwantedIn(result, 202)];
    return [
      {
        ...commonOf('soak', side),
        figure: 'committed',
        unit: '/s',
        values: [accepted / seconds],
        note: note.filter((text) => text !== '').join(', '),
      },
      ...overTime(samples),
    ];
  } finally {
    await running.stop();
  }
};

const sampleUntil = async (
  signal: AbortSignal,
  running: OurRunningSide,
  { bench, samples }: { readonly bench: Bench; readonly samples: Sample[] },
): Promise<void> => {
  const redis = new Redis(bench.servers.urls.redisUrl);
  while (!signal.aborted) {
    const used = /used_memory:(\d+)/.exec(await redis.info('memory'))?.[1];
    const rss = Object.entries(running.pids()).map(([role, pid]) => [
      `${role} RSS`,
      (rssOf(pid) ?? 0) / megabyte,
    ]);
    samples.push({ 'redis used_memory': Number(used) / megabyte, ...Object.fromEntries(rss) });
    await delay(everyMs, undefined, { signal }).catch(() => 'it is over');
  }
  redis.disconnect();
};

const overTime = (samples: readonly Sample[]): readonly Measurement[] =>
  Object.keys(samples[0] ?? {}).map((figure) => {
    const values = samples.map((sample) => sample[figure] ?? Number.NaN);
    return {
      ...commonOf('soak', ourSide()),
      figure,
      unit: 'MB',
      values,
      note: `at the start ${numberText(values[0] ?? 0)}, at the end ${numberText(values.at(-1) ?? 0)}`,
    };
  });
