import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';

/** What running a test file takes. The packages are the checkout's own. */
const copied = ['src', 'test', 'infra', 'package.json', 'tsconfig.json'];

export interface Tree {
  readonly dir: string;
  /** Applies a diff as git does; undefined, or why it cannot be applied. Never in part. */
  readonly apply: (patchFile: string) => string | undefined;
  readonly remove: () => void;
}

/** A copy of the checkout to take things out of. */
export const newTree = (parent: string): Tree => {
  const dir = mkdtempSync(join(parent, 'tree-'));
  for (const name of copied) cpSync(join(paths.root, name), join(dir, name), { recursive: true });
  symlinkSync(join(paths.root, 'node_modules'), join(dir, 'node_modules'));
  return {
    dir,
    apply: (patchFile) => {
      // Not in any repository around the directory, or git would apply it there.
      const env = { ...process.env, GIT_CEILING_DIRECTORIES: parent };
      const done = spawnSync('git', ['apply', '--whitespace=nowarn', patchFile], {
        cwd: dir,
        env,
        encoding: 'utf8',
      });
      if (done.error) return done.error.message;
      return done.status === 0 ? undefined : done.stderr.trim().split('\n').join('; ');
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
};
