import { msOf, type StreamId } from '../domain/stream-id.ts';
import type { ReadEntry, ReadVerdict } from '../log/contract.ts';
import type { Progress } from '../store/contract.ts';
import type { Settlement } from './decide/batch.ts';

/** What was read and is not committed. A batch may leave some of it to the next one. */
export interface Reading {
  /** Entries before the first one of a newer version, which has to wait. */
  readonly entries: readonly ReadEntry[];
  readonly newer?: NewerEntry;
  /** Redis TIME of the read. */
  readonly nowMs: number;
  /** The group's position after it. */
  readonly lastDelivered: StreamId;
  /** As many entries as were asked for: there may be more. */
  readonly isFull: boolean;
  /** The same entries as they were decided ahead. */
  readonly ahead?: Lookahead;
}

interface NewerEntry {
  readonly version: number;
  readonly arrivedAtMs: number;
}

export type Delivery = Extract<ReadVerdict, { type: 'read' }>;

/** What was read while the batch before it was being committed, and decided as if that commit had succeeded. */
export interface Lookahead {
  /** The progress that batch leads to. Unless the partition is exactly there, all of this is decided again. */
  readonly base: Progress;
  /** Rejects as reading does. */
  readonly reading: Promise<ReadVerdict>;
  /** How many entries were asked for. */
  readonly count: number;
  /** Absent where what it depends on was not certain before the commit. */
  decided?: Settlement;
}

export const readingOf = (
  { entries, nowMs, lastDelivered }: Delivery,
  count: number,
  ahead?: Lookahead,
): Reading => ({
  ...beforeNewer(entries),
  nowMs,
  lastDelivered,
  isFull: entries.length === count,
  ...(ahead && { ahead }),
});

const beforeNewer = (entries: readonly ReadEntry[]): Pick<Reading, 'entries' | 'newer'> => {
  const index = entries.findIndex(({ content }) => content.type === 'newer');
  const newer = entries[index];
  if (newer?.content.type !== 'newer') return { entries };
  const { streamId, content } = newer;
  return {
    entries: entries.slice(0, index),
    newer: { version: content.version, arrivedAtMs: msOf(streamId) },
  };
};

/**
 * Until when holds lapse after these entries. A read that was not full emptied the stream at its TIME, so nothing can come
 * any more that was there before. Before an entry that has to wait they lapse up to its arrival and no further.
 */
export const lapseUntilMs = ({ newer, nowMs }: Reading): number => newer?.arrivedAtMs ?? nowMs;
