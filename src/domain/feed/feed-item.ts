import type { JournalEntry } from '../decisions.ts';
import type { MovedPools } from './state-after.ts';

/** A decision by its position and its content: a restored database repeats positions with other decisions. */
export interface SeenDecision {
  readonly position: number;
  /** The first 8 hex digits of a SHA-256 over the decision's columns. It contains nothing of the customer. */
  readonly digest: string;
}

/** A decision of the journal, with what its reader needs. */
export interface FeedItem extends SeenDecision {
  readonly partition: number;
  readonly type: string;
  readonly decidedAtMs: number;
  /** Absent when this build cannot read the decision. */
  readonly entry?: JournalEntry;
  readonly moved?: MovedPools;
}
