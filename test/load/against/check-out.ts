import { join } from 'node:path';
import { runProgram } from '../run-program.ts';

export interface CheckOut {
  /** The full hash. */
  readonly commit: string;
  /** Root of a checkout that has the commit. */
  readonly root: string;
  readonly dir: string;
}

const limitMs = 60_000;

/**
 * Writes the files of a commit into `dir`, through an index of its own that is removed with `dir`. A worktree
 * would be registered in the repository and stay there if a run is killed.
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
