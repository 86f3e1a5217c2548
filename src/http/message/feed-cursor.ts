import { Buffer } from 'node:buffer';
import type { SeenDecision } from '../../domain/feed/feed-item.ts';

/** How far a reader of the feed is. A partition that is absent was not read yet. */
export interface FeedCursor {
  /** The first 8 hex digits of the pair's id. */
  readonly pair: string;
  readonly seen: ReadonlyMap<number, SeenDecision>;
}

const version = 1;
const headBytes = 5;
const partitionBytes = 12;
const partitionsMax = 4_096;

/** Opaque to its holder: version, pair, then for each partition its number, position and digest. */
export const encodeCursor = ({ pair, seen }: FeedCursor): string => {
  const bytes = Buffer.alloc(headBytes + partitionBytes * seen.size);
  bytes.writeUInt8(version, 0);
  bytes.write(pair, 1, 4, 'hex');
  let at = headBytes;
  for (const [partition, { position, digest }] of [...seen].toSorted(([a], [b]) => a - b)) {
    bytes.writeUInt16BE(partition, at);
    bytes.writeUIntBE(position, at + 2, 6);
    bytes.write(digest, at + 8, 4, 'hex');
    at += partitionBytes;
  }
  return bytes.toString('base64url');
};

/** Undefined when it is no cursor that this service gave. */
export const parseCursor = (text: string): FeedCursor | undefined => {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const partitions = (bytes.length - headBytes) / partitionBytes;
  if (bytes[0] !== version || !Number.isInteger(partitions) || partitions < 0 || partitions > partitionsMax)
    return undefined;
  const seen = new Map<number, SeenDecision>();
  for (let at = headBytes; at < bytes.length; at += partitionBytes)
    seen.set(bytes.readUInt16BE(at), {
      position: bytes.readUIntBE(at + 2, 6),
      digest: bytes.toString('hex', at + 8, at + 12),
    });
  const cursor = { pair: bytes.toString('hex', 1, headBytes), seen };
  // A partition twice, or in another order, was not written here.
  return encodeCursor(cursor) === text ? cursor : undefined;
};
