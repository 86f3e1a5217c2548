import type { Backlog } from '../contract.ts';

/** The backlog of one partition in Redis at one moment. */
export interface BacklogSample {
  readonly atMs: number;
  readonly entries: number;
  /** Entries the group has ever read; undefined where Redis does not know. */
  readonly read: number | undefined;
  readonly memoryUsed: number;
}

const windowMs = 10_000;

/** The samples of the window. A group that was moved back starts a new history, because its rate would be negative. */
export const addSample = (
  history: readonly BacklogSample[],
  sample: BacklogSample,
): readonly BacklogSample[] => {
  const last = history.at(-1);
  const wentBack = last?.read !== undefined && sample.read !== undefined && sample.read < last.read;
  const kept = wentBack ? [] : history.filter(({ atMs }) => sample.atMs - atMs <= windowMs);
  return [...kept, sample];
};

export const backlogOf = (history: readonly BacklogSample[]): Backlog | undefined => {
  const last = history.at(-1);
  if (!last) return undefined;
  const { entries, memoryUsed } = last;
  const rate = ratePerSecond(history);
  return { entries, memoryUsed, waitSeconds: rate > 0 ? entries / rate : undefined };
};

/**
 * How fast a queue is worked off: the fastest interval with entries waiting at both of its ends. So a calm minute does not
 * make the next burst look slow, and a short standstill (MySQL away) does not make the queue look endless. During a long
 * standstill there is no rate; the queue is then limited by its length alone.
 */
const ratePerSecond = (history: readonly BacklogSample[]): number => {
  let fastest = 0;
  for (const [index, to] of history.entries()) {
    const from = history[index - 1];
    if (from?.read === undefined || to.read === undefined || from.entries === 0 || to.entries === 0) continue;
    fastest = Math.max(fastest, ((to.read - from.read) * 1_000) / (to.atMs - from.atMs));
  }
  return fastest;
};
