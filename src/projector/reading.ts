import { msOf, type StreamId } from '../domain/stream-id.ts';
import type { ReadEntry, ReadVerdict } from '../log/contract.ts';
import type { Progress } from '../store/contract.ts';
import type { Settlement } from './decide/batch.ts';

/** Entries that were read and are not committed. A batch may leave some of them to the next one. */
export interface Reading {
  /** Entries before the first one that a newer version wrote; that one has to wait. */
  readonly entries: readonly ReadEntry[];
  readonly newer?: NewerEntry;
  /** Redis TIME of the read. */
  readonly nowMs: number;
  /** The group's position after the read. */
  readonly lastDelivered: StreamId;
  /** As many entries as were asked for, and enough for a transaction of their own: there may be many more. */
  readonly isBacklog: boolean;
  /** Set when the entries were read ahead, with what was decided of them. */
  readonly ahead?: Lookahead;
}

interface NewerEntry {
  readonly version: number;
  readonly arrivedAtMs: number;
}

export type Delivery = Extract<ReadVerdict, { type: 'read' }>;

/** A read made while the batch before was being committed, decided as if that commit had succeeded. */
export interface Lookahead {
  /** The progress after that batch. If the partition's progress is another one, the entries are decided again. */
  readonly base: Progress;
  /** Rejects as reading does. */
  readonly reading: Promise<ReadVerdict>;
  /** How many entries were asked for. */
  readonly count: number;
  /** Absent when the entries depend on state that was not certain before the commit. */
  decided?: Settlement;
}

interface ReadOf {
  /** How many entries were asked for. */
  readonly count: number;
  /** With fewer than these, a full read is no backlog. */
  readonly backlogMin: number;
  readonly ahead: Lookahead | undefined;
}

export const readingOf = (
  { entries, nowMs, lastDelivered }: Delivery,
  { count, backlogMin, ahead }: ReadOf,
): Reading => ({
  ...beforeNewer(entries),
  nowMs,
  lastDelivered,
  isBacklog: entries.length === Math.max(count, backlogMin),
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
 * Until when holds lapse after these entries. A read that was not full emptied the stream at its TIME, so no entry from
 * before that time can still come. When an entry of a newer version waits, holds lapse up to its arrival and no further.
 */
export const lapseUntilMs = ({ newer, nowMs }: Reading): number => newer?.arrivedAtMs ?? nowMs;
