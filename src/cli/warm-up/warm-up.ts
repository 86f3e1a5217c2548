import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../domain/ports.ts';

export interface WarmUpOptions {
  /** Each plays a part of what the process will do. */
  readonly plays: readonly (() => Promise<void>)[];
  readonly limitMs: number;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** Aborted when the process begins to stop. */
  readonly stopping: AbortSignal;
}

/** A round is faster than the best one before only if it takes at most this share of its time. */
const fasterShare = 0.95;
/** The compiler works beside the main thread: some rounds without gain do not mean that it is done. */
const roundsWithoutGainMax = 15;

/**
 * Plays everything again and again until that gets no faster, the time is up or the process stops; then it waits for nothing
 * any more. Resolves to what it took.
 */
export const warmUp = async ({ plays, limitMs, clock, stopping }: WarmUpOptions) => {
  const done = new AbortController();
  const over = clock.sleep(limitMs, AbortSignal.any([stopping, done.signal])).then(() => done.abort());
  const beganMs = clock.monotonicMs();
  let best = Number.POSITIVE_INFINITY;
  let withoutGain = 0;
  let rounds = 0;
  while (!done.signal.aborted && withoutGain < roundsWithoutGainMax) {
    const roundMs = clock.monotonicMs();
    await Promise.race([playAll(plays), over]);
    const took = clock.monotonicMs() - roundMs;
    withoutGain = took <= best * fasterShare ? 0 : withoutGain + 1;
    best = Math.min(best, took);
    rounds += 1;
    // Probes are answered between two rounds.
    await nextTurn();
  }
  done.abort();
  return { rounds, ms: Math.round(clock.monotonicMs() - beganMs) };
};

const playAll = async (plays: WarmUpOptions['plays']): Promise<void> => {
  for (const play of plays) await play();
};
