import { join } from 'node:path';
import { runProgram } from '../run-program.ts';

export interface CheckOut {
  /** Whole. */
  readonly commit: string;
  /** Of a checkout that has it. */
  readonly root: string;
  readonly dir: string;
}

const limitMs = 60_000;

/**
 * Writes the files of a commit into `dir`. By an index of its own, which goes with `dir`: a worktree would be noted in the
 * repository and stay there when a run is killed.
 */
export const checkOut = async ({ commit, root, dir }: CheckOut): Promise<void> => {
  const index = join(dir, '.index');
  const git = (...args: readonly string[]): Promise<string> =>
    runProgram({
      program: 'git',
      args: ['-C', root, ...args],
      env: { ...process.env, GIT_INDEX_FILE: index },
      limitMs,
    });
  await git('read-tree', commit);
  await git('checkout-index', '--all', `--prefix=${dir}/`);
};
