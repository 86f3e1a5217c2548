import { isDeepStrictEqual } from 'node:util';
import type { RequestEvent } from '../../domain/requests.ts';
import type { EntryContent } from '../contract.ts';
import { decodeEntry, encodeEntry } from '../wire/codec.ts';

/**
 * Reads what was kept of a parked entry, with the codec of this version: what an older one could not read may be
 * readable by now. Kept is one of three things: the request as JSON, where it could be read and not be decided; the
 * field `r` alone, where that was broken; all fields as netstrings, where the entry had another shape. Never throws.
 */
export const readParkedEntry = (raw: Buffer): EntryContent => {
  const fields = fieldsOf(raw);
  return readKeptRequest(raw) ?? (fields ? decodeEntry(fields) : readField(raw));
};

/** Nobody kept the version it was written in: no two of them read the same bytes as different requests. */
const readField = (raw: Buffer): EntryContent => {
  const readAs = (version: string): EntryContent =>
    decodeEntry(['v', version, 'r', raw].map((field) => Buffer.from(field)));
  const content = readAs('2');
  return content.type === 'request' ? content : readAs('1');
};

/** A request of the domain says its `type`, one on the wire its `t`. What its own codec would not give back is none. */
const readKeptRequest = (raw: Buffer): EntryContent | undefined => {
  try {
    const kept = inPresentShape(parseKept(raw));
    if (typeof kept !== 'object' || kept === null || !('type' in kept)) return undefined;
    const content = decodeEntry(encodeEntry(kept).map((field) => Buffer.from(field)));
    return content.type === 'request' && isDeepStrictEqual(content.request, kept) ? content : undefined;
  } catch {
    return undefined;
  }
};

/** Before there were several, a change was kept with its one `revision`. */
const inPresentShape = (kept: RequestEvent | null): RequestEvent | null => {
  if (kept?.type !== 'ShowChangeRequested' || !('revision' in kept)) return kept;
  const { revision, ...request } = kept;
  return typeof revision === 'number' ? { ...request, revisions: [revision] } : kept;
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
