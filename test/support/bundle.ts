import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { paths } from '../../infra/local/paths.ts';

// Packages are found from here as from anywhere else in the checkout.
const parent = join(paths.root, 'node_modules/.cache/onsale');

/** Files next to a module are looked for where the module was written, not where it was put. */
const whereItWas: Plugin = {
  name: 'where it was',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
    }));
  },
};

/**
 * Packages stay outside, and are loaded before anything in the bundle. The 700 files of typebox would take longer
 * than all of ours; uvu has to come behind what we set for it.
 */
const inside: Plugin = {
  name: 'inside',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^(typebox|uvu)(\/|$)/ }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }));
  },
};

/** A program in TypeScript, or several in one process: the first is run, the others are its arguments. */
export interface Program {
  /** What node is to be given, in front of the program's own arguments. */
  readonly args: readonly string[];
  /** The file that was written, by what is run in its stead. */
  readonly written: (path: string) => string;
  readonly remove: () => void;
}

/**
 * Bundled with all that they import, so that a process loads a few files and no compiler: a third of the time. What cannot
 * be bundled is run as it is, so that each file says for itself what is wrong.
 */
export const programOf = async (files: readonly string[]): Promise<Program> => {
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, 'bundle-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  // Several may have one name.
  const named = files.map((path, n) => ({ in: path, out: `${n}-${basename(path, '.ts')}` }));
  try {
    await bundle(named, dir);
  } catch {
    remove();
    const args = ['--import', import.meta.resolve('tsx'), ...files];
    return { args, written: (path) => path, remove: () => undefined };
  }
  const written = new Map(named.map((entry) => [join(dir, `${entry.out}.mjs`), entry.in]));
  const args = ['--enable-source-maps', ...written.keys()];
  return { args, written: (path) => written.get(path) ?? path, remove };
};

const bundle = (named: readonly { in: string; out: string }[], dir: string): Promise<unknown> =>
  build({
    entryPoints: [...named],
    outdir: dir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    plugins: [inside, whereItWas],
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'silent',
  });
