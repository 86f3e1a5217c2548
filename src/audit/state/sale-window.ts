import type { JournalEntry } from '../../domain/decisions.ts';
import type { ShowRules } from '../../domain/requests.ts';
import { msOf } from '../../domain/stream-id.ts';

/**
 * The time that a sale's window is judged by: when the entry arrived, however long it waited. Older builds
 * did not record it; they used the time in the stream id, for late entries too.
 */
export const arrivalOf = ({ judgedAtMs, streamId, decidedAtMs }: JournalEntry): number =>
  judgedAtMs ?? (streamId ? msOf(streamId) : decidedAtMs);

export const isBeforeSale = ({ opensAtMs }: ShowRules, atMs: number): boolean =>
  opensAtMs !== undefined && atMs < opensAtMs;

/** Closed by an operator, or past its end. */
export const isAfterSale = ({ closed = false, closesAtMs }: ShowRules, atMs: number): boolean =>
  closed || (closesAtMs !== undefined && atMs >= closesAtMs);
