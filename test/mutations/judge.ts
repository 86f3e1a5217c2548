import type { FileResult } from '../support/run-file.ts';

/** Result of a catcher's run while a mechanism is removed. */
export type Verdict =
  /** An assertion of this test failed. */
  | { readonly type: 'caught'; readonly by: string }
  /** Everything passed, although the mechanism was removed. */
  | { readonly type: 'survived' }
  /** No result: something crashed or timed out before an assertion could fail. */
  | { readonly type: 'broke'; readonly why: string };

// The format in which uvu prints failures. A hook that fails has no name in quotes.
const failure = /^ *FAIL {2}.*?"(.*)"$/gm;
const ending = /^ {2}Total: /m;
/** An assertion of uvu names its operator; a property of fast-check describes how it failed. */
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

/**
 * By the exit codes of test/simulation/simulate.ts: 0 all promises kept, 3 one was broken, anything else
 * means that nothing was simulated.
 */
export const judgeSimulation = (code: number | null, output: string): Verdict => {
  if (code === 0) return { type: 'survived' };
  if (code !== 3) return { type: 'broke', why: `the simulator ended with ${code}: ${lastLine(output)}` };
  return { type: 'caught', by: /^.*\bseed\b.*$/m.exec(output)?.[0].trim().slice(0, 120) ?? 'the simulator' };
};

const lastLine = (text: string): string => (text.trimEnd().split('\n').at(-1) ?? '').slice(0, 200);
