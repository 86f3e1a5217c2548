import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { askLags } from './ask-lags.ts';
import { type Advice, type Autoscaler, newAutoscaler, syncSeconds } from './autoscaler.ts';
import { startCrowd } from './crowd.ts';
import { actAt, shareAt, story } from './load-curve.ts';
import type { Arguments } from './read-arguments.ts';
import type { ScalingRules } from './scaling-rules.ts';
import type { Stage } from './start-stage.ts';
import type { HandOver, Moment, Timeline } from './timeline.ts';

export interface PlayOptions extends Pick<Arguments, 'most' | 'rate'> {
  readonly rules: ScalingRules;
  /** Seconds of the story per second of real time. */
  readonly factor: number;
  readonly signal: AbortSignal;
  readonly onMoment: (moment: Moment) => void;
}

export interface ScalePerformance extends Timeline {
  /** Number of requests of the crowd. */
  readonly crowd: number;
}

/** Runs the whole scenario: samples, decides and scales as often as a cluster's autoscaler does. */
export const play = async (stage: Stage, options: PlayOptions): Promise<ScalePerformance> => {
  const { rules, factor, most, rate, signal, onMoment } = options;
  const beganMs = performance.now();
  const storySeconds = (ms = performance.now()): number => ((ms - beganMs) / 1_000) * factor;
  // In a cluster the rules limit the number to P; here the machine limits it as well.
  const autoscaler = newAutoscaler({ ...rules, max: Math.min(rules.max, most) });
  const moments: Moment[] = [];
  const crowd = startCrowd(stage, () => rate * shareAt(storySeconds()));
  const scaling = newScaling(stage);
  try {
    while (storySeconds() < story.seconds) {
      const atSeconds = storySeconds();
      const { advice, wanted } = await look(stage, { autoscaler, rules, atSeconds });
      scaling.to(advice.replicas);
      const running = stage.fleet.members('projector').filter((one) => !one.hasExited()).length;
      const { lag, replicas: told } = advice;
      const moment = { atSeconds, act: actAt(atSeconds), lag, wanted, told, running };
      moments.push(moment);
      onMoment(moment);
      const nextMs = ((atSeconds + syncSeconds - storySeconds()) / factor) * 1_000;
      await delay(Math.max(0, nextMs), undefined, { signal });
    }
  } finally {
    await crowd.stop();
    await scaling.done();
  }
  return { moments, handOvers: handOversOf(stage, storySeconds), crowd: crowd.sent() };
};

interface AutoscalerTick {
  readonly autoscaler: Autoscaler;
  readonly rules: ScalingRules;
  readonly atSeconds: number;
}

/** The wanted number is that of a cluster with room for P projectors. */
const look = async (
  { redis }: Stage,
  { autoscaler, rules, atSeconds }: AutoscalerTick,
): Promise<{ readonly advice: Advice; readonly wanted: number }> => {
  const advice = autoscaler.next(atSeconds, await askLags(redis, rules.triggers));
  const wanted = Math.min(rules.max, Math.max(rules.min, Math.ceil(advice.lag / rules.target)));
  return { advice, wanted };
};

/** Changes run one after the other in the background: an autoscaler continues to sample while pods start. */
const newScaling = ({ fleet }: Stage) => {
  let last = 1;
  let changing: Promise<void> = Promise.resolve();
  return {
    to: (projectors: number): void => {
      if (projectors === last) return;
      last = projectors;
      changing = changing.then(() => fleet.scale(projectors));
      // The error is thrown to the caller that waits for the end.
      changing.catch(() => undefined);
    },
    done: () => changing,
  };
};

const handOversOf = ({ watch }: Stage, storySeconds: (ms: number) => number): readonly HandOver[] =>
  watch.claims.flatMap(({ partition, seenAtMs, quietSinceMs, committedAtMs }) =>
    quietSinceMs === undefined || committedAtMs === undefined || storySeconds(seenAtMs) < 0
      ? []
      : [
          {
            atSeconds: storySeconds(seenAtMs),
            partition,
            gapMs: Math.round(committedAtMs - quietSinceMs),
          },
        ],
  );

/** Resolves once no entry waits any more, after five minutes at most; the audit judges what is left. */
export const untilDrained = async ({ redis }: Stage, { triggers, sum }: ScalingRules): Promise<void> => {
  await waitUntil(async () => sum(await askLags(redis, triggers)) === 0, { limitMs: 300_000, everyMs: 100 });
};
