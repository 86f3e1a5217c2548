declare const brand: unique symbol;

/** An id in a partition's stream, `<ms>-<seq>` as Redis writes it; both halves are unsigned 64-bit numbers. */
export type StreamId = string & { readonly [brand]: 'StreamId' };

const pattern = /^(0|[1-9][0-9]{0,19})-(0|[1-9][0-9]{0,19})$/;

export const parseStreamId = (text: string): StreamId | undefined =>
  pattern.test(text) ? (text as StreamId) : undefined;

export const newStreamId = (ms: number | string, seq: number | string): StreamId =>
  `${ms}-${seq}` as StreamId;

export const beforeAll: StreamId = newStreamId(0, 0);

export const msOf = (id: StreamId): number => Number(id.slice(0, id.indexOf('-')));

/**
 * Negative, zero or positive. The decimal digits are compared as text, so nothing is lost above 2^53: without leading zeros
 * the longer half is the larger, and halves of equal length compare as text. Called several times for each entry, so it
 * makes no substrings where it can do without.
 */
export const compareStreamIds = (a: StreamId, b: StreamId): number => {
  const dash = a.indexOf('-');
  const longerMs = dash - b.indexOf('-');
  if (longerMs !== 0) return longerMs;
  const longer = a.length - b.length;
  // The same ms, and second halves of different length.
  if (longer !== 0 && b.startsWith(a.slice(0, dash))) return longer;
  return a < b ? -1 : a > b ? 1 : 0;
};

export const laterOf = (a: StreamId, b: StreamId): StreamId => (compareStreamIds(a, b) >= 0 ? a : b);
