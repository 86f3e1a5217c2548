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

const ratePerSecond = (history: readonly BacklogSample[]): number => {
  const known = history.filter(({ read }) => read !== undefined);
  const first = known[0];
  const last = known.at(-1);
  if (first?.read === undefined || last?.read === undefined || last.atMs <= first.atMs) return 0;
  return ((last.read - first.read) * 1_000) / (last.atMs - first.atMs);
};
