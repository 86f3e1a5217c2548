import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';

/** What running a test file and building takes. The packages are the checkout's own. */
const copied = [
  'src',
  'test',
  'infra',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

export interface Tree {
  readonly dir: string;
  /** Applies a diff as git does; undefined, or why it cannot be applied. Never in part. */
  readonly apply: (patchFile: string) => string | undefined;
  readonly remove: () => void;
}

/** Undefined, or why not. */
const gitApply = (dir: string, patchFile: string, ...options: readonly string[]): string | undefined => {
  // Whatever repository is around the directory is not the one to work in.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(dir) };
  const args = ['apply', '--whitespace=nowarn', ...options, patchFile];
  const done = spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' });
  if (done.error) return done.error.message;
  return done.status === 0 ? undefined : done.stderr.trim().split('\n').join('; ');
};

/** Why a diff cannot be applied to the checkout as it is; undefined when it can. Changes nothing. */
export const whyNotApplicable = (patchFile: string): string | undefined =>
  gitApply(paths.root, patchFile, '--check');

/** A copy of the checkout to take things out of. */
export const newTree = (parent: string): Tree => {
  const dir = mkdtempSync(join(parent, 'tree-'));
  for (const name of copied) cpSync(join(paths.root, name), join(dir, name), { recursive: true });
  symlinkSync(join(paths.root, 'node_modules'), join(dir, 'node_modules'));
  return {
    dir,
    apply: (patchFile) => gitApply(dir, patchFile),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
};
