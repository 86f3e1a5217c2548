import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { paths, serverFilesIn } from '../../../infra/local/paths.ts';
import { runProgram } from '../run-program.ts';
import type { Build } from '../sides/build.ts';
import { checkOut } from './check-out.ts';
import type { Commit } from './resolve-commit.ts';
import { samePackages } from './same-packages.ts';

const installLimitMs = 600_000;
const buildLimitMs = 300_000;

export type CommitBuild =
  | { readonly type: 'built'; readonly build: Build }
  | { readonly type: 'unplayable'; readonly why: string };

const unplayable = (why: string): CommitBuild => ({ type: 'unplayable', why });

/**
 * Builds a commit of this repository in `dir`, which must not exist yet or be empty, with its packages and
 * its servers' settings.
 */
export const buildCommit = async (commit: Commit, dir: string): Promise<CommitBuild> => {
  mkdirSync(dir, { recursive: true });
  await checkOut({ commit: commit.id, root: paths.root, dir });
  const build = 'infra/local/build.mjs';
  const files = serverFilesIn(pathToFileURL(`${dir}/`));
  const missing = [join(dir, build), ...Object.values(files)].find((file) => !existsSync(file));
  if (missing !== undefined) return unplayable(`it has no ${missing.slice(dir.length + 1)}`);
  try {
    await providePackages(dir);
    await runProgram({ program: process.execPath, args: [build], cwd: dir, limitMs: buildLimitMs });
  } catch (error) {
    return unplayable(error instanceof Error ? error.message : String(error));
  }
  const nodeArguments = await nodeArgumentsIn(dir);
  const { name } = commit;
  return { type: 'built', build: { name, main: join(dir, 'dist/main.js'), nodeArguments, files } };
};

/**
 * Uses our packages if they are the same: most commits change no package, and installing takes longer than
 * building.
 */
const providePackages = async (dir: string): Promise<void> => {
  const lock = (root: string): string => readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (samePackages(lock(dir), lock(paths.root)))
    return symlinkSync(join(paths.root, 'node_modules'), join(dir, 'node_modules'));
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await runProgram({ program: 'npm', args, cwd: dir, limitMs: installLimitMs });
};

/** A build runs with the node arguments of its own image; before this file existed, images passed none. */
const nodeArgumentsIn = async (dir: string): Promise<readonly string[]> => {
  const file = join(dir, 'infra/local/node-arguments.ts');
  return existsSync(file) ? parseNodeArguments(await import(pathToFileURL(file).href)) : [];
};

const parseNodeArguments = (module: unknown): readonly string[] =>
  (module as { readonly nodeArguments: readonly string[] }).nodeArguments;
