import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';

/** What is needed to run a test file and to build. The packages are those of the checkout. */
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
  /** Applies a diff as git does, as a whole or not at all. Returns undefined, or why it cannot be applied. */
  readonly apply: (patchFile: string) => string | undefined;
  readonly remove: () => void;
}

/** Undefined if it succeeded, otherwise why not. */
const gitApply = (dir: string, patchFile: string, ...options: readonly string[]): string | undefined => {
  // Keeps git from using a repository around the directory.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(dir) };
  const args = ['apply', '--whitespace=nowarn', ...options, patchFile];
  const done = spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' });
  if (done.error) return done.error.message;
  return done.status === 0 ? undefined : done.stderr.trim().split('\n').join('; ');
};

/** Why a diff does not apply to the present checkout; undefined if it does. Changes nothing. */
export const whyNotApplicable = (patchFile: string): string | undefined =>
  gitApply(paths.root, patchFile, '--check');

/** A copy of the checkout from which mechanisms are removed. */
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
