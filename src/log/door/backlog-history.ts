import type { Backlog } from '../contract.ts';

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
 * How fast a queue is worked that is there: the fastest span with something waiting at both ends. A calm minute does not
 * make the next burst look slow, a span that a standstill cut short (MySQL away) does not make the queue look endless,
 * and a standstill has no speed at all: what bounds the queue then is its length.
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
