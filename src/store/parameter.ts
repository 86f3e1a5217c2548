import { Buffer } from 'node:buffer';
import type { RequestId } from '../domain/ids.ts';
import type { StreamId } from '../domain/stream-id.ts';

/** The halves of a stream id as decimal text, which every 64-bit number fits. */
export const halvesOf = (id: StreamId): readonly [ms: string, seq: string] => {
  const dash = id.indexOf('-');
  return [id.slice(0, dash), id.slice(dash + 1)];
};

/** 32 hex digits, for UNHEX of what travels in JSON. */
export const hexOf = (id: RequestId): string => id.replaceAll('-', '');

export const bytesOf = (id: RequestId): Buffer => Buffer.from(hexOf(id), 'hex');
