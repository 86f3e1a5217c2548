import { isDeepStrictEqual } from 'node:util';
import type { RequestEvent } from '../domain/requests.ts';
import { decodeEntry, encodeEntry } from './codec.ts';
import type { EntryContent } from './contract.ts';

/**
 * Reads what was kept of a parked entry, with the codec of this version: what an older one could not read may be
 * readable by now. Kept is one of three things: the request as JSON, where it could be read and not be decided; the
 * field `r` alone, where that was broken; all fields as netstrings, where the entry had another shape. Never throws.
 */
export const readParkedEntry = (raw: Buffer): EntryContent =>
  readKeptRequest(raw) ??
  decodeEntry(fieldsOf(raw) ?? ['v', '1', 'r', raw].map((field) => Buffer.from(field)));

/** A request of the domain says its `type`, one on the wire its `t`. What its own codec would not give back is none. */
const readKeptRequest = (raw: Buffer): EntryContent | undefined => {
  try {
    const kept = parseKept(raw);
    if (typeof kept !== 'object' || kept === null || !('type' in kept)) return undefined;
    const content = decodeEntry(encodeEntry(kept).map((field) => Buffer.from(field)));
    return content.type === 'request' && isDeepStrictEqual(content.request, kept) ? content : undefined;
  } catch {
    return undefined;
  }
};

const parseKept = (raw: Buffer): RequestEvent | null => JSON.parse(raw.toString()) as RequestEvent | null;

/** Fields and values out of `<length>:<bytes>,` each; undefined when it is not that to the last byte. */
const fieldsOf = (raw: Buffer): readonly Buffer[] | undefined => {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < raw.length) {
    const [whole, digits] = /^(0|[1-9][0-9]{0,8}):/.exec(raw.toString('latin1', at, at + 10)) ?? [];
    if (whole === undefined) return undefined;
    const start = at + whole.length;
    const end = start + Number(digits);
    if (raw[end] !== ','.charCodeAt(0)) return undefined;
    fields.push(raw.subarray(start, end));
    at = end + 1;
  }
  return fields.length > 0 && fields.length % 2 === 0 ? fields : undefined;
};
