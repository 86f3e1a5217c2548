import { beforeAll, type StreamId } from '../../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../../src/log/contract.ts';
import type { ExpectingRead } from '../../../src/log/partition/expecting-read.ts';
import { decodeEntry } from '../../../src/log/wire/codec.ts';
import { decodeUpgraded } from './newer-version.ts';
import type { PartitionState, StoredEntry } from './partition-state.ts';
import { countUpTo, isAfter, lowerOf } from './places.ts';

type ReadRequest = Pick<ExpectingRead, 'count' | 'watermark' | 'expected'> & {
  /** Whether the reader knows the version after the present one. */
  readonly isUpgraded: boolean;
};

export interface ReadReply {
  readonly entries: readonly ReadEntry[];
  readonly position: StreamId;
}

/** Same effect as fenced-read.lua, for the owner of the lease. */
export const readEntries = (
  state: PartitionState,
  { count, watermark, expected, isUpgraded }: ReadRequest,
): ReadReply => {
  const continues = expected !== undefined && state.position === expected;
  const position = (continues && state.position) || resetPosition(state, watermark);
  const from = countUpTo(state.entries, position);
  const read = state.entries.slice(from, from + count);
  const first = read[0];
  // A reset never begins above the note, so the note is never moved up by one.
  if (first && !isAfter(first.streamId, watermark)) state.lateFrom = position;
  else if (continues) state.lateFrom = undefined;
  state.position = read.at(-1)?.streamId ?? position;
  return { entries: read.map((entry) => readEntry(entry, isUpgraded)), position: state.position };
};

const resetPosition = ({ position, lateFrom }: PartitionState, watermark: StreamId): StreamId =>
  position === undefined ? beforeAll : lowerOf(lowerOf(watermark, position), lateFrom);

/** Decodes each entry once: the simulation reads the same entries over and over. */
const readEntry = (entry: StoredEntry, isUpgraded: boolean): ReadEntry => {
  if (!entry.content || entry.content.type === 'newer')
    entry.content = (isUpgraded ? decodeUpgraded : decodeEntry)(entry.fields);
  return { streamId: entry.streamId, content: entry.content };
};
