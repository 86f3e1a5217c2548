import type { JournalEntry } from '../domain/decisions.ts';
import type { ShowRules } from '../domain/requests.ts';
import { msOf } from '../domain/stream-id.ts';

/** What a window is judged by: when the entry arrived, however long it waited. */
export const arrivalOf = ({ streamId, decidedAtMs }: JournalEntry): number =>
  streamId ? msOf(streamId) : decidedAtMs;

export const isBeforeSale = ({ opensAtMs }: ShowRules, atMs: number): boolean =>
  opensAtMs !== undefined && atMs < opensAtMs;

/** Closed by hand, or over. */
export const isAfterSale = ({ closed = false, closesAtMs }: ShowRules, atMs: number): boolean =>
  closed || (closesAtMs !== undefined && atMs >= closesAtMs);
