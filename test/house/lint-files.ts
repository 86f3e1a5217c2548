import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** Path inside the tree → text of the file. */
export type Files = Readonly<Record<string, string>>;

/** One finding of the linter. A plugin has no rule name; the first words of its message are used instead. */
export interface Finding {
  readonly path: string;
  readonly rule: string;
}

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly message: string;
    readonly location: { readonly path: string };
  }[];
}

const parseReport = (text: string): Report => JSON.parse(text) as Report;

const run = promisify(execFile);
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
const command = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];

/** Biome exits with 1 if it finds something, so the report decides and not the exit code. */
const reportOn = async (directory: string): Promise<Report> => {
  const result = await run(process.execPath, command, { cwd: directory, maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'stdout' in error && error.stdout)
        return { stdout: String(error.stdout) };
      throw error;
    },
  );
  return parseReport(result.stdout);
};

/** Lints the files by this repository's rules, in a directory of their own that is removed afterwards. */
export const lintFiles = async (files: Files): Promise<readonly Finding[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'onsale-lint-'));
  try {
    await cp(join(root, 'biome.json'), join(directory, 'biome.json'));
    await cp(join(root, 'infra/lint'), join(directory, 'infra/lint'), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    const { diagnostics } = await reportOn(directory);
    return diagnostics.map(({ category, message, location }) => ({
      path: location.path,
      rule: (category === 'plugin' ? message.split(':') : category.split('/').slice(-1)).slice(0, 1).join(),
    }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
