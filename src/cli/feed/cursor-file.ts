import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Misuse } from '../print/exit-codes.ts';

export interface CursorFile {
  /** Where an earlier run has come to. */
  readonly place: string | undefined;
  save(place: string): Promise<void>;
}

/** A file that does not exist yet means: from the beginning. Without a path nothing is kept. */
export const openCursorFile = async (path: string | undefined): Promise<CursorFile | Misuse> => {
  if (path === undefined) return { place: undefined, save: async () => undefined };
  const save = async (place: string): Promise<void> => {
    // In one step, so that a crash leaves the former place or the new one.
    await writeFile(`${path}.new`, `${place}\n`);
    await rename(`${path}.new`, path);
  };
  try {
    return { place: (await readFile(path, 'utf8')).trim() || undefined, save };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing) return { place: undefined, save };
    return {
      misuse: `--cursor-file ${path} cannot be read: ${error instanceof Error ? error.message : error}`,
    };
  }
};
