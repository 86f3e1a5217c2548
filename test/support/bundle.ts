import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { paths } from '../../infra/local/paths.ts';

// Below the checkout, so that imports of packages resolve as everywhere else in it.
const parent = join(paths.root, 'node_modules/.cache/onsale');

/** A module that reads files next to itself finds them beside its source, not beside the bundle. */
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
 * Packages are not bundled, and load before the bundle's code. Bundling the 700 files of typebox would take
 * longer than all of ours, and uvu must load after the globals that we set for it.
 */
const inside: Plugin = {
  name: 'inside',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^(typebox|uvu)(\/|$)/ }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }));
  },
};

/** A program in TypeScript, or several for one process: the first runs, the others are its arguments. */
export interface Program {
  /** Node's arguments, before the program's own. */
  readonly args: readonly string[];
  /** The path of the source file, given the path of the bundled one. */
  readonly written: (path: string) => string;
  readonly remove: () => void;
}

/**
 * Bundles the files with all their imports, so that a process loads a few files and no compiler: this takes a
 * third of the time. Files that cannot be bundled run as they are, so that each reports its own error.
 */
export const programOf = async (files: readonly string[]): Promise<Program> => {
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, 'bundle-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  // Several files may have the same name.
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
