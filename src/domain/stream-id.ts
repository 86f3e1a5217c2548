declare const brand: unique symbol;

/** A place in a partition's stream, `<ms>-<seq>` as Redis writes it; both halves are unsigned 64-bit. */
export type StreamId = string & { readonly [brand]: 'StreamId' };

const pattern = /^(0|[1-9][0-9]{0,19})-(0|[1-9][0-9]{0,19})$/;

export const parseStreamId = (text: string): StreamId | undefined =>
  pattern.test(text) ? (text as StreamId) : undefined;

export const newStreamId = (ms: number | string, seq: number | string): StreamId =>
  `${ms}-${seq}` as StreamId;

export const beforeAll: StreamId = newStreamId(0, 0);

export const msOf = (id: StreamId): number => Number(id.slice(0, id.indexOf('-')));

/** Negative, zero or positive. Decimal digits are compared, so nothing is lost above 2^53. */
export const compareStreamIds = (a: StreamId, b: StreamId): number => {
  const dashA = a.indexOf('-');
  const dashB = b.indexOf('-');
  return (
    compareDigits(a.slice(0, dashA), b.slice(0, dashB)) ||
    compareDigits(a.slice(dashA + 1), b.slice(dashB + 1))
  );
};

/** Decimals without leading zeros: the longer is the larger, equal lengths compare as text. */
const compareDigits = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

export const laterOf = (a: StreamId, b: StreamId): StreamId => (compareStreamIds(a, b) >= 0 ? a : b);
