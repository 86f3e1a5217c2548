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

export interface Bundle {
  /** What node runs, in the order of the entries. */
  readonly files: readonly string[];
  readonly remove: () => void;
}

/**
 * TypeScript programs as JavaScript with all that they import, so that a process of theirs loads a few files and no
 * compiler. Throws esbuild's BuildFailure when one of them cannot be read.
 */
export const bundle = async (entries: readonly string[]): Promise<Bundle> => {
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, 'bundle-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  // Several may have one name.
  const named = entries.map((path, n) => ({ in: path, out: `${n}-${basename(path, '.ts')}` }));
  try {
    await build({
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
    return { files: named.map(({ out }) => join(dir, `${out}.mjs`)), remove };
  } catch (error) {
    remove();
    throw error;
  }
};
