import { parseStreamId, type StreamId } from '../domain/stream-id.ts';
import { decodeEntry } from './codec.ts';
import type { PartitionLog, ReadEntry, ReadVerdict } from './contract.ts';
import { consumer, group, keysOf } from './keys.ts';
import type { NodeOf } from './nodes.ts';
import { loadStreamScript, runScript } from './scripts.ts';

const script = loadStreamScript('fenced-read');

/**
 * Where this process's last read left the group, by lease. A read that goes on from there names it, so that a read
 * of ours that was given up, and reaches Redis late, cannot make us skip what it took: the next one starts again.
 */
interface Expectation {
  readonly leaseToken: string;
  readonly position: StreamId;
  /** The very connection of that read. */
  readonly connection: unknown;
}

export const newRead = (nodeOf: NodeOf): PartitionLog['read'] => {
  const expectations = new Map<number, Expectation>();
  return async ({ partition, leaseToken, count, watermark, reset }) => {
    const { lease, requests, lateFrom } = keysOf(partition);
    const last = expectations.get(partition);
    const { stream: connection } = nodeOf(requests);
    const goesOn = !reset && last?.leaseToken === leaseToken;
    expectations.delete(partition);
    if (goesOn && last.connection !== connection) return { type: 'reconnected' };
    const expected = goesOn ? last.position : '';
    const reply = await runScript(nodeOf, script, {
      keys: [lease, requests, lateFrom],
      args: [leaseToken, count, watermark, expected, group, consumer],
    });
    const verdict = parseReadReply(reply);
    if (verdict.type === 'read')
      expectations.set(partition, { leaseToken, position: verdict.lastDelivered, connection });
    return verdict;
  };
};

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
    nowMs: Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000),
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
