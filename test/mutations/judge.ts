import type { FileResult } from '../support/run-file.ts';

/** How it went with a mechanism taken out. */
export type Verdict =
  /** An assertion failed: by which test. */
  | { readonly type: 'caught'; readonly by: string }
  /** Everything passed all the same. */
  | { readonly type: 'survived' }
  /** Nothing was found out: something broke, or timed out, before an assertion could fail. */
  | { readonly type: 'broke'; readonly why: string };

// As uvu prints them. A hook that fails has no name in quotes.
const failure = /^ *FAIL {2}.*?"(.*)"$/gm;
const ending = /^ {2}Total: /m;
/** An assertion of uvu's names its operator; a property of fast-check's says how it failed. */
const asserted = / {2}\((?:not\.)?[a-z]+(?:\.not)?\)$/m;
const nodeAsserted = /ERR_ASSERTION/;

export const judgeFile = ({ failed, problem, output }: FileResult): Verdict => {
  if (failed === 0 && problem === undefined) return { type: 'survived' };
  const blocks = failuresIn(output);
  const caught = blocks.find(({ text }) => asserted.test(text) || nodeAsserted.test(text));
  if (caught) return { type: 'caught', by: caught.test };
  const [first] = blocks;
  const why = first
    ? `"${first.test}" failed by no assertion: ${firstLine(first.text)}`
    : (problem ?? 'a hook failed');
  return { type: 'broke', why };
};

interface Failure {
  readonly test: string;
  readonly text: string;
}

const failuresIn = (output: string): readonly Failure[] => {
  const heads = [...output.matchAll(failure)];
  return heads.map((head, n) => {
    const from = head.index + head[0].length;
    const rest = output.slice(from, heads[n + 1]?.index);
    const end = rest.search(ending);
    return { test: head[1] ?? '', text: end < 0 ? rest : rest.slice(0, end) };
  });
};

const firstLine = (text: string): string => text.trim().split('\n', 1).join().slice(0, 200);

/** As test/simulation/simulate.ts ends: 0 all promises kept, 3 one is broken, anything else no simulation. */
export const judgeSimulation = (code: number | null, output: string): Verdict => {
  if (code === 0) return { type: 'survived' };
  if (code !== 3) return { type: 'broke', why: `the simulator ended with ${code}: ${lastLine(output)}` };
  return { type: 'caught', by: /^.*\bseed\b.*$/m.exec(output)?.[0].trim().slice(0, 120) ?? 'the simulator' };
};

const lastLine = (text: string): string => (text.trimEnd().split('\n').at(-1) ?? '').slice(0, 200);
