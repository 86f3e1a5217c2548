import { beforeAll, msOf, type StreamId } from '../../domain/stream-id.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { parseTime } from '../connection/replies.ts';
import { keysOf } from '../keys.ts';
import { inspectStream } from './inspect-stream.ts';

/** How far a partition's decisions lag its stream. */
export interface Lag {
  readonly entries: number;
  /** Age of the oldest entry that is not decided. */
  readonly oldestMs: number;
  /** All entries that are still in the stream, decided or not. */
  readonly length: number;
  /** Age of the first of those. */
  readonly keptMs: number;
  /** How far the last id of the stream is ahead of the server's clock; 0 where it is not. */
  readonly aheadMs: number;
}

/** `after` is the watermark; without one, what the group has read. Throws while Redis is away. */
export const inspectLag = async (
  nodeOf: NodeOf,
  stream: { readonly partition: number; readonly after?: StreamId },
): Promise<Lag> => {
  const [look, time] = await Promise.all([
    inspectStream(nodeOf, stream),
    nodeOf(keysOf(stream.partition).requests).time(),
  ]);
  const serverMs = parseTime(time);
  const ageOf = (id: StreamId | undefined): number => (id ? Math.max(0, serverMs - msOf(id)) : 0);
  return {
    entries: look.oldest ? (look.behind ?? look.lag ?? 0) : 0,
    oldestMs: ageOf(look.oldest),
    length: look.length,
    keptMs: ageOf(look.firstId),
    aheadMs: Math.max(0, msOf(look.lastId ?? beforeAll) - serverMs),
  };
};
