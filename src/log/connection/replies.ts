import { parseStreamId, type StreamId } from '../../domain/stream-id.ts';

/** Parses a flat [name, value, …] reply of XINFO into a map by name. */
export const parseFields = (reply: unknown): ReadonlyMap<string, unknown> => {
  const flat = Array.isArray(reply) ? (reply as unknown[]) : [];
  const fields = new Map<string, unknown>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(String(flat[i]), flat[i + 1]);
  return fields;
};

/** The last generated id in a reply of XINFO STREAM. */
export const parseLastId = (reply: unknown): StreamId => {
  const text = String(parseFields(reply).get('last-generated-id'));
  const id = parseStreamId(text);
  if (id === undefined) throw new Error(`Redis answered ${text} where a stream id belongs`);
  return id;
};

/** The reply of TIME as whole milliseconds since the epoch. */
export const parseTime = ([seconds, microseconds]: readonly unknown[]): number =>
  Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);

export const isMissingKey = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('ERR no such key');
