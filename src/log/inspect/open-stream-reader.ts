import type { Logger } from '../../domain/ports.ts';
import { beforeAll, compareStreamIds, parseStreamId, type StreamId } from '../../domain/stream-id.ts';
import { openNodes } from '../cluster/open-nodes.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { isMissingKey, parseFields } from '../connection/replies.ts';
import type { ReadEntry } from '../contract.ts';
import { group, keysOf } from '../keys.ts';
import { newLogTail } from '../outcomes/tail.ts';
import { decodeEntry } from '../wire/codec.ts';

export interface StreamReaderOptions {
  readonly url: string;
  readonly name: string;
  readonly logger: Logger;
}

/** Reads streams and changes nothing, not even a group's position. */
export interface StreamReader {
  /** Entries after `after`, in order, up to the end of the stream at the first call for the partition. Empty at that end. */
  page(
    partition: number,
    page: { readonly after: StreamId; readonly limit: number },
  ): Promise<readonly ReadEntry[]>;
  /**
   * Projectors have settled every entry up to this id, as soon as the batch that they have read is committed.
   */
  readTo(partition: number): Promise<StreamId>;
  close(): Promise<void>;
}

/** Long, because a page of the largest entries takes a while. */
const commandMs = 15_000;

/** Throws one line that says where and why when Redis cannot be reached. */
export const openStreamReader = async (options: StreamReaderOptions): Promise<StreamReader> => {
  const nodes = await openNodes({ ...options, commandMs });
  const tail = newLogTail(nodes.control);
  const ends = new Map<number, StreamId>();
  return {
    page: async (partition, { after, limit }) => {
      const end = ends.get(partition) ?? (await tail.lastId(partition));
      ends.set(partition, end);
      if (compareStreamIds(after, end) >= 0) return [];
      const { requests } = keysOf(partition);
      const entries = await nodes.control(requests).xrangeBuffer(requests, `(${after}`, end, 'COUNT', limit);
      return entries.map(parseEntry);
    },
    readTo: (partition) => readTo(nodes.control, partition),
    close: () => nodes.close(),
  };
};

const parseEntry = ([id, fields]: [Buffer, Buffer[]]): ReadEntry => ({
  streamId: parsePosition(id.toString('latin1')),
  content: decodeEntry(fields),
});

/**
 * The lower of the group's position and the note of where late entries begin, read in this order. The script
 * that reads late entries writes the note before the position passes them, and deletes it only when they are
 * committed.
 */
const readTo = async (nodeOf: NodeOf, partition: number): Promise<StreamId> => {
  const { requests, lateFrom } = keysOf(partition);
  const redis = nodeOf(requests);
  const position = parseGroupPosition(await redis.xinfo('GROUPS', requests).catch(noGroups));
  const note = await redis.get(lateFrom);
  if (note === null) return position;
  const late = parsePosition(note);
  return compareStreamIds(late, position) < 0 ? late : position;
};

const noGroups = (error: unknown): readonly unknown[] => {
  if (isMissingKey(error)) return [];
  throw error;
};

/** Without a group, the whole stream will be read. */
const parseGroupPosition = (reply: unknown): StreamId => {
  const groups = (Array.isArray(reply) ? reply : []).map(parseFields);
  const ours = groups.find((fields) => String(fields.get('name')) === group);
  return ours ? parsePosition(String(ours.get('last-delivered-id'))) : beforeAll;
};

const parsePosition = (text: string): StreamId => {
  const id = parseStreamId(text);
  if (id === undefined) throw new Error(`Redis answered ${text} where a stream id belongs`);
  return id;
};
