/** What happened, in order. Two runs of the same seed have the same hash; the lines are kept only when somebody wants them. */
export interface Trace {
  note(atMs: number, who: string, what: string): void;
  readonly lines: readonly string[];
  hash(): string;
}

const linesMax = 100_000;

export const newTrace = ({ keepLines }: { readonly keepLines: boolean }): Trace => {
  const lines: string[] = [];
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  return {
    lines,
    note: (atMs, who, what) => {
      const line = `${atMs.toFixed(3)} ${who} ${what}`;
      for (let at = 0; at < line.length; at += 1) {
        const code = line.charCodeAt(at);
        high = Math.imul(high ^ code, 2_654_435_761);
        low = Math.imul(low ^ code, 1_597_334_677);
      }
      if (keepLines && lines.length < linesMax) lines.push(line);
    },
    hash: () => [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
};
