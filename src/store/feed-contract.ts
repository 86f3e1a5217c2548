import type { Decision } from '../domain/decisions.ts';
import type { FeedItem, SeenDecision } from '../domain/feed/feed-item.ts';
import type { ShowId } from '../domain/ids.ts';

/**
 * The feed: the decisions of the journal, oldest first in each partition, read by a cursor.
 *
 * Promises (test/store/feed.int.test.ts):
 * - nothing is skipped: a page reads how far each partition is decided before it reads rows, and never beyond it;
 * - a cursor is taken only while the decision it ended at is still there with the same content, so a restored database, which
 *   repeats positions, is noticed;
 * - a page reads a bounded number of rows, so it may be short or empty and not be the last.
 */

export interface FeedQuery {
  /** The last decision read of each partition; those that are absent begin at the beginning. */
  readonly seen: ReadonlyMap<number, SeenDecision>;
  /** Only this partition. */
  readonly partition?: number;
  /** Only this show, which lives in one partition. */
  readonly showId?: ShowId;
  /** Only these types of decision, and those that cannot be read. */
  readonly types?: ReadonlySet<Decision['type']>;
  readonly limit: number;
}

export type FeedPage =
  | {
      readonly type: 'page';
      /** Those of a partition are in order of position. */
      readonly items: readonly FeedItem[];
      /** The query's `seen`, moved on past every row that was read. */
      readonly seen: ReadonlyMap<number, SeenDecision>;
      /** Whether everything that was decided before the page began is read now. */
      readonly isEnd: boolean;
    }
  /** The decisions that the cursor ended at are gone or are others now. */
  | { readonly type: 'changed'; readonly partitions: readonly number[] };

export interface FeedReader {
  page(query: FeedQuery): Promise<FeedPage>;
  /** The last decision of each partition now, for a reader that begins here. */
  end(): Promise<ReadonlyMap<number, SeenDecision>>;
}
