import { readWithRetry } from '../database/read-with-retry.ts';
import { openSessions } from '../database/transaction.ts';
import type { FeedReader } from '../feed-contract.ts';
import { readStandings, type Standings } from '../pair/standings.ts';
import { feedReaderOver } from './read-feed.ts';

/** The journal for a tool that reads it alone. */
export interface FeedStore {
  readonly feed: FeedReader;
  readonly standings: () => Promise<Standings>;
  readonly close: () => Promise<void>;
}

const limits = { connectMs: 2_500, queryMs: 30_000, silenceMs: 60_000, lockWaitMs: 2_000 };

/**
 * Throws within about three seconds, with one line that names the database, when the database cannot be used.
 */
export const openFeedStore = async (url: string): Promise<FeedStore> => {
  const sessions = await openSessions({ url, limits, size: 1, waitMs: limits.queryMs, waitersMax: 10 });
  return {
    feed: feedReaderOver(sessions, (read) => read()),
    standings: () => readWithRetry(sessions, readStandings),
    close: () => sessions.close(),
  };
};
