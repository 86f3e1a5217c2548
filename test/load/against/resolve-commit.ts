import { runProgram } from '../run-program.ts';

export interface Commit {
  /** The hash as git abbreviates it. */
  readonly name: string;
  readonly id: string;
}

const limitMs = 60_000;

/** Undefined if `root` is not a git checkout or has no such commit. */
export const resolveCommit = async (text: string, root: string): Promise<Commit | undefined> => {
  const revParse = async (...args: readonly string[]): Promise<string> =>
    (await runProgram({ program: 'git', args: ['-C', root, 'rev-parse', ...args], limitMs })).trim();
  try {
    const id = await revParse('--verify', '--quiet', `${text}^{commit}`);
    return { name: await revParse('--short', id), id };
  } catch {
    return undefined;
  }
};
