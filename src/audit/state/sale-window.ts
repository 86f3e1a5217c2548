import type { JournalEntry } from '../../domain/decisions.ts';
import type { ShowRules } from '../../domain/requests.ts';
import { msOf } from '../../domain/stream-id.ts';

/**
 * What a window is judged by: when the entry arrived, however long it waited. Builds that did not write it down took the id's
 * time, of late entries too.
 */
export const arrivalOf = ({ judgedAtMs, streamId, decidedAtMs }: JournalEntry): number =>
  judgedAtMs ?? (streamId ? msOf(streamId) : decidedAtMs);

export const isBeforeSale = ({ opensAtMs }: ShowRules, atMs: number): boolean =>
  opensAtMs !== undefined && atMs < opensAtMs;

/** Closed by hand, or over. */
export const isAfterSale = ({ closed = false, closesAtMs }: ShowRules, atMs: number): boolean =>
  closed || (closesAtMs !== undefined && atMs >= closesAtMs);
