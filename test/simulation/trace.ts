import { hashOfText } from './hash-of-text.ts';

/** All events in order. Two runs of the same seed have the same hash; lines are kept only on request. */
export interface Trace {
  note(atMs: number, who: string, what: string): void;
  readonly lines: readonly string[];
  hash(): string;
}

const linesMax = 100_000;

export const newTrace = ({ keepLines }: { readonly keepLines: boolean }): Trace => {
  const lines: string[] = [];
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  const mix = (part: number): void => {
    high = Math.imul(high ^ part, 2_654_435_761);
    high ^= high >>> 15;
    low = Math.imul(low ^ part, 1_597_334_677);
    low ^= low >>> 13;
  };
  return {
    lines,
    note: (atMs, who, what) => {
      mix(Math.round(atMs * 1_000));
      mix(hashOfText(who));
      mix(hashOfText(what));
      if (keepLines && lines.length < linesMax) lines.push(`${atMs.toFixed(3)} ${who} ${what}`);
    },
    hash: () => [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
};
