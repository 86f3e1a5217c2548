import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../../infra/local/paths.ts';

// Variables that `npm test` sets and that are removed here: settings of this repository's .npmrc, and the
// package of the npx that provides another Node, which an inner npx would try to find as well.
const handedDown = ['npm_config_engine_strict', 'npm_config_package'];
const isOwn = (name: string): boolean => name.startsWith('ONSALE_') || handedDown.includes(name);
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOwn(name)));

/** Runs a command as in a user's own shell. */
export const run = (
  program: string,
  args: readonly string[],
  cwd: string,
  more: NodeJS.ProcessEnv = {},
): Promise<{ readonly stdout: string }> =>
  promisify(execFile)(program, args, { cwd, env: { ...env, ...more } });

/** Runs `npm pack` in a checkout, into a new folder in `dir`; returns the file. */
export const packed = async (
  dir: string,
  { from = paths.root, args = [] }: { readonly from?: string; readonly args?: readonly string[] } = {},
): Promise<string> => {
  const into = mkdtempSync(join(dir, 'packed-'));
  await run('npm', ['pack', '--pack-destination', into, ...args], from);
  const [tarball = 'nothing was packed'] = readdirSync(into);
  return join(into, tarball);
};

export const clientPackage = ['--workspace', 'onsale-client'];

/** Unpacks the file into a new folder. */
export const unpack = async (tarball: string, into: string): Promise<void> => {
  mkdirSync(into, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', into, '--strip-components', '1'], into);
};
