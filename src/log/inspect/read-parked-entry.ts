import { isDeepStrictEqual } from 'node:util';
import type { RequestEvent } from '../../domain/requests.ts';
import type { EntryContent } from '../contract.ts';
import { decodeEntry, encodeEntry } from '../wire/codec.ts';

/**
 * Reads the stored bytes of a parked entry with the codec of this version: it may be able to read what an
 * older version could not. Three forms are stored: the request as JSON, when it could be read but not
 * decided; the field `r` alone, when that field was broken; all fields as netstrings, when the entry had
 * another shape. Never throws.
 */
export const readParkedEntry = (raw: Buffer): EntryContent => {
  const fields = fieldsOf(raw);
  return readKeptRequest(raw) ?? (fields ? decodeEntry(fields) : readField(raw));
};

/**
 * The version of the entry was not stored, so versions are tried. No two versions read the same bytes as
 * different requests.
 */
const readField = (raw: Buffer): EntryContent => {
  const readAs = (version: string): EntryContent =>
    decodeEntry(['v', version, 'r', raw].map((field) => Buffer.from(field)));
  const content = readAs('2');
  return content.type === 'request' ? content : readAs('1');
};

/**
 * A request of the domain has a member `type`, a request on the wire a member `t`. The result counts as a
 * request only if encoding and decoding it gives the same value.
 */
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

/** Earlier versions stored a change with a single `revision`; now there can be several. */
const inPresentShape = (kept: RequestEvent | null): RequestEvent | null => {
  if (kept?.type !== 'ShowChangeRequested' || !('revision' in kept)) return kept;
  const { revision, ...request } = kept;
  return typeof revision === 'number' ? { ...request, revisions: [revision] } : kept;
};

const parseKept = (raw: Buffer): RequestEvent | null => JSON.parse(raw.toString()) as RequestEvent | null;

/**
 * Parses fields and values, each written as `<length>:<bytes>,`. Undefined when any byte does not fit that
 * form.
 */
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
