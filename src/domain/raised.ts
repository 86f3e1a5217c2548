import type { JournalEntry } from './decisions.ts';
import { msOf } from './stream-id.ts';

/** Judged later than its id says: its stream, or the clock of Redis, went back behind what had been judged. */
export const isRaised = ({ judgedAtMs, streamId, late }: JournalEntry): boolean =>
  judgedAtMs !== undefined && streamId !== undefined && !late && judgedAtMs > msOf(streamId);
