import { parseStreamId, type StreamId } from '../../domain/stream-id.ts';
import { runScript } from '../../shared/redis-script.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { parseTime } from '../connection/replies.ts';
import { loadStreamScript } from '../connection/scripts.ts';
import type { PartitionLog, ReadEntry, ReadVerdict } from '../contract.ts';
import { consumer, group, keysOf } from '../keys.ts';
import { decodeEntry } from '../wire/codec.ts';
import { newExpectingRead } from './expecting-read.ts';

const script = loadStreamScript('fenced-read');

export const newFencedRead = (nodeOf: NodeOf): PartitionLog['read'] =>
  newExpectingRead({
    connectionOf: (partition) => nodeOf(keysOf(partition).requests).stream,
    ask: async ({ partition, leaseToken, count, watermark, expected }) => {
      const { lease, requests, lateFrom } = keysOf(partition);
      const reply = await runScript(nodeOf, script, {
        keys: [lease, requests, lateFrom],
        args: [leaseToken, count, watermark, expected ?? '', group, consumer],
      });
      return parseReadReply(reply);
    },
  });

/** The reply of fenced-read.lua: {0} or {1, seconds, microseconds, position, entries}. */
const parseReadReply = (reply: unknown): ReadVerdict => {
  const [code, seconds, microseconds, position, entries] = reply as [
    number,
    Buffer,
    Buffer,
    Buffer,
    unknown[],
  ];
  if (code === 0) return { type: 'lease-lost' };
  return {
    type: 'read',
    entries: entries.map(parseEntry),
    nowMs: parseTime([seconds, microseconds]),
    lastDelivered: parsePosition(position),
  };
};

const parseEntry = (entry: unknown): ReadEntry => {
  const [id, fields] = entry as [Buffer, Buffer[]];
  return { streamId: parsePosition(id), content: decodeEntry(fields) };
};

const parsePosition = (text: Buffer): StreamId => {
  const id = parseStreamId(text.toString('latin1'));
  if (id === undefined) throw new Error(`Redis answered ${text} where a stream id belongs`);
  return id;
};
