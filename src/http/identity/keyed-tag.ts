import { createHash, hash } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;

/** The first 32 bits of HMAC-SHA256 over a text, as eight hex digits. */
export type KeyedTag = (text: string) => string;

/**
 * HMAC-SHA256 (RFC 2104) from two one-shot hashes over buffers that are made once. A test checks that the
 * bits are those of `createHmac`. It takes half of the CPU time: 1.0 µs instead of 1.9 on Node 20, 0.8
 * instead of 1.6 on Node 24. (`createHmac` was measured with a KeyObject; with the key as text it takes three
 * times as long.) A reservation computes one tag, 1 % of its CPU time; so does a read by id, 3 % of the API's
 * CPU time for it. `textBytesMax` is the maximum length of the text in UTF-8.
 */
export const newKeyedTag = (key: string, textBytesMax: number): KeyedTag => {
  const block = Buffer.alloc(blockBytes);
  const keyBytes = Buffer.from(key, 'utf8');
  (keyBytes.length > blockBytes ? createHash('sha256').update(keyBytes).digest() : keyBytes).copy(block);
  const inner = Buffer.alloc(blockBytes + textBytesMax);
  const outer = Buffer.alloc(blockBytes + digestBytes);
  for (const [i, byte] of block.entries()) {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  return (text) => {
    const end = blockBytes + inner.write(text, blockBytes, 'utf8');
    // 'binary' is latin1, one byte per character: half the work of hex, for encoding and for decoding.
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), blockBytes, 'latin1');
    return hash('sha256', outer, 'hex').slice(0, 8);
  };
};
