import type { Backlog } from './contract.ts';

/** What Redis said of one partition at one moment. */
export interface BacklogSample {
  readonly atMs: number;
  readonly entries: number;
  /** Entries the group has ever read; undefined where Redis does not know. */
  readonly read: number | undefined;
  readonly memoryUsed: number;
}

const windowMs = 10_000;

/** The samples that still count. A group that was moved back starts a new history: its rate would be negative. */
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
 * How fast a queue is worked that is there: only spans with something waiting at both ends and progress in between say
 * so. A calm minute does not make the next burst look slow, and a standstill (MySQL away) has no speed at all; what
 * bounds the queue then is its length.
 */
const ratePerSecond = (history: readonly BacklogSample[]): number => {
  let read = 0;
  let tookMs = 0;
  for (const [index, to] of history.entries()) {
    const from = history[index - 1];
    if (from?.read === undefined || to.read === undefined) continue;
    if (from.entries === 0 || to.entries === 0 || to.read <= from.read) continue;
    read += to.read - from.read;
    tookMs += to.atMs - from.atMs;
  }
  return tookMs > 0 ? (read * 1_000) / tookMs : 0;
};
