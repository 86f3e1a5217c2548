import { isUtf8 } from 'node:buffer';
import { parseRequestId, type RequestId } from '../../domain/ids.ts';
import type { RequestEvent } from '../../domain/requests.ts';
import type { EntryContent } from '../contract.ts';
import { knownMembers } from './known-members.ts';
import type { RequestReading } from './request-reading.ts';
import { fromWire, toWire, type WireVersion, wireVersionOf } from './request-wire.ts';

/**
 * An entry of a partition's stream has exactly two fields: `r`, the request as one version of this codec
 * writes it, and `v`, that version as a decimal. Readers know the current version and the one before.
 *
 * A reader must not judge an entry of a later version by parts that it cannot read. A later version may only
 * add members that do not influence the decision. Its entry then says in `v` which version is enough to read
 * it, as in `2/1`, and an older reader ignores the members it does not know. Any other entry of a later
 * version waits for a projector that knows the version. An entry of a known version that cannot be read
 * completely is broken.
 */
const currentVersion = 2;

/** The versions that can be read. Version 1 stays until no stream can contain it any more. */
const readVersions: ReadonlyMap<number, WireVersion> = new Map([
  [1, 1],
  [2, 2],
]);

/**
 * Far above the largest show that the limits allow. It bounds the time for parsing, whatever is on the
 * stream.
 */
const requestBytesMax = 262_144;

/** The fields and values of an entry, in their order. */
export type EncodedEntry = readonly [v: 'v', version: string, r: 'r', request: string];

const versionTexts: Readonly<Record<WireVersion, string>> = { 1: '1', 2: '2/2' };

export const encodeEntry = (request: RequestEvent): EncodedEntry => [
  'v',
  versionTexts[wireVersionOf(request)],
  'r',
  JSON.stringify(toWire(request)),
];

/** Reads the fields and values of an entry as Redis returned them; they may be any bytes. Never throws. */
export const decodeEntry = (fields: readonly Buffer[]): EntryContent => {
  const version = versionOf(fields);
  if (version === undefined) return broken(fields, 'its version cannot be read');
  if (version.written > currentVersion) return decodeLater(fields, version);
  const read = readVersions.get(version.written);
  if (!read) return broken(fields, `version ${version.written} is no longer read`);
  const raw = fieldOf(fields, 'r');
  if (!raw || fields.length !== 4) return broken(fields, 'it has not exactly the fields v and r');
  return decodeRequest(raw, (wire) => fromWire(wire, read));
};

/**
 * An entry of a later version is read or waits, but is never parked: what looks broken here may be valid in
 * that version.
 */
const decodeLater = (fields: readonly Buffer[], { written, readableFrom }: Version): EntryContent => {
  const raw = fieldOf(fields, 'r');
  const newer = { type: 'newer', version: written } as const;
  const read = readVersions.get(readableFrom);
  if (!read || !raw) return newer;
  const content = decodeRequest(raw, (wire) => fromWire(knownMembers(wire, read), read));
  return content.type === 'request' ? content : newer;
};

const decodeRequest = (raw: Buffer, read: (wire: unknown) => RequestReading): EntryContent => {
  if (raw.length > requestBytesMax) return { type: 'broken', why: `it has ${raw.length} bytes`, raw };
  if (!isUtf8(raw)) return { type: 'broken', why: 'it is not UTF-8', raw };
  const json = parsedJson(raw.toString());
  if (!json) return { type: 'broken', why: 'it is not JSON', raw };
  const reading = read(json.value);
  if (reading.type === 'request') return reading;
  const requestId = requestIdIn(json.value);
  return { type: 'broken', why: reading.why, raw, ...(requestId !== undefined && { requestId }) };
};

const parsedJson = (text: string): { readonly value: unknown } | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
};

const requestIdIn = (wire: unknown): RequestId | undefined =>
  typeof wire === 'object' && wire !== null && 'id' in wire && typeof wire.id === 'string'
    ? parseRequestId(wire.id)
    : undefined;

interface Version {
  readonly written: number;
  /** The oldest version whose readers may ignore the members that they do not know. */
  readonly readableFrom: number;
}

const versionPattern = /^([1-9][0-9]{0,8})(?:\/([1-9][0-9]{0,8}))?$/;
const versionLengthMax = 19;

const versionOf = (fields: readonly Buffer[]): Version | undefined => {
  const text = fieldOf(fields, 'v')?.subarray(0, versionLengthMax + 1);
  const [, first, second = first] = versionPattern.exec(text?.toString('latin1') ?? '') ?? [];
  const [written, readableFrom] = [Number(first), Number(second)];
  return readableFrom <= written ? { written, readableFrom } : undefined;
};

/** The value of a field that occurs exactly once; undefined when it is missing or repeated. */
const fieldOf = (fields: readonly Buffer[], name: 'v' | 'r'): Buffer | undefined => {
  let found: Buffer | undefined;
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i]?.length !== 1 || fields[i]?.[0] !== name.charCodeAt(0)) continue;
    if (found) return undefined;
    found = fields[i + 1];
  }
  return found;
};

const broken = (fields: readonly Buffer[], why: string): EntryContent => ({
  type: 'broken',
  why,
  raw: netstrings(fields),
});

/**
 * `<length>:<bytes>,` for each field and value. An entry of any shape can be stored so, without ambiguity.
 */
const netstrings = (fields: readonly Buffer[]): Buffer =>
  Buffer.concat(fields.flatMap((field) => [Buffer.from(`${field.length}:`), field, Buffer.from(',')]));
