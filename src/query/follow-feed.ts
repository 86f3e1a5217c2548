import { setTimeout as delay } from 'node:timers/promises';
import { partitionOf } from '../domain/ids.ts';
import type { DecisionSignals } from '../log/signals-contract.ts';
import type { FeedPage, FeedQuery, FeedReader } from '../store/feed-contract.ts';
import type { FeedRequest } from './feed-request.ts';

export interface FeedSource {
  readonly reader: FeedReader;
  readonly signals: DecisionSignals;
  /** The number of partitions. */
  readonly partitions: number;
}

/** What GET /v1/decisions needs. */
export interface FeedOptions extends FeedSource {
  /** The first 8 hex digits of the pair's id, which is in every cursor. */
  readonly pair: () => Promise<string>;
  /** The most callers that wait for the next decision, or follow the feed, at the same time. */
  readonly followersMax: number;
}

/** The place to read from, which for `now` is the end as it is at this moment. Throws when the database cannot be read. */
export const startOf = async (
  { after, ...asked }: FeedRequest,
  reader: Pick<FeedReader, 'end'>,
): Promise<FeedQuery> => ({
  ...asked,
  seen: after === 'now' ? await reader.end() : (after?.seen ?? new Map()),
});

/** A signal may be lost, so a follower reads this often without one. */
const unheardMs = 5_000;
/** A busy partition commits hundreds of times in a second; a follower reads a few of its batches at once. */
const pauseMs = 50;

/**
 * The pages of the feed after `seen`, one after the other and then as decisions are made, until the signal is aborted or the
 * history has changed. Throws when the database cannot be read.
 */
export async function* followFeed(
  { seen, ...query }: FeedQuery,
  source: FeedSource,
  signal: AbortSignal,
): AsyncGenerator<FeedPage, void> {
  let bell: Bell | undefined;
  try {
    for (let from = seen; ; ) {
      const page = await source.reader.page({ ...query, seen: from });
      yield page;
      if (page.type === 'changed') return;
      from = page.seen;
      if (page.isEnd) {
        bell ??= newBell(source.signals, partitionsOf(query, source));
        await bell.rung(signal);
      }
      if (signal.aborted) return;
    }
  } finally {
    bell?.stop();
  }
}

const partitionsOf = (
  { partition, showId }: Omit<FeedQuery, 'seen'>,
  { partitions }: FeedSource,
): readonly number[] => {
  const one = showId === undefined ? partition : partitionOf(showId);
  return one === undefined ? [...Array(partitions).keys()] : [one];
};

interface Bell {
  /** Resolves after a pause, as soon as something may have been decided since the last time; or when aborted. */
  rung(signal: AbortSignal): Promise<void>;
  stop(): void;
}

const newBell = (signals: DecisionSignals, partitions: readonly number[]): Bell => {
  // A commit between the last read and this moment was not heard.
  let isRung = true;
  let wake = (): void => undefined;
  const { stop } = signals.listen(partitions, () => {
    isRung = true;
    wake();
  });
  const heard = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (isRung) resolve();
    });
  return {
    rung: async (signal) => {
      await sleep(pauseMs, signal);
      const over = new AbortController();
      await Promise.race([heard(), sleep(unheardMs, AbortSignal.any([signal, over.signal]))]);
      over.abort();
      isRung = false;
    },
    stop,
  };
};

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);
