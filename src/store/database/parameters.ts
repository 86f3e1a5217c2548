import { Buffer } from 'node:buffer';
import type { RequestId } from '../../domain/ids.ts';
import { newStreamId, type StreamId } from '../../domain/stream-id.ts';

/** The halves of a stream id as decimal text, which every 64-bit number fits. */
export const halvesOf = (id: StreamId): readonly [ms: string, seq: string] => {
  const dash = id.indexOf('-');
  return [id.slice(0, dash), id.slice(dash + 1)];
};

/** A stream id from two columns, which are null together. */
export const streamIdFrom = (ms: string | null, seq: string | null): StreamId | undefined =>
  ms === null || seq === null ? undefined : newStreamId(ms, seq);

/** 32 hex digits for UNHEX, because JSON cannot hold bytes: the text of a UUID without its dashes. */
export const hexOf = (id: RequestId): string =>
  id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24);

export const bytesOf = (id: RequestId): Buffer => Buffer.from(hexOf(id), 'hex');

/** The bounds of the first and the last page, for lists by id or by the hash of a key; both have 16 bytes. */
export const beforeAllIds: Buffer = Buffer.alloc(16, 0x00);
export const afterAllIds: Buffer = Buffer.alloc(16, 0xff);
