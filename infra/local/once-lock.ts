import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { findLeftOver } from './left-over.ts';
import { commandLine } from './process-identity.ts';

const addressIn = (file: string): string => {
  const note: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof note === 'object' && note !== null && 'address' in note
    ? String(note.address)
    : 'an unknown address';
};

const exists = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** False when the file exists already. A link appears at once and complete, so that a half-written note is never read. */
const create = (file: string, note: string): boolean => {
  const own = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(own, note);
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (!exists(error)) throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
};

/** Takes the lock file for this process. When another one runs already, throws with its pid and address. */
export const takeLock = (file: string, address: string): void => {
  const { pid: self } = process;
  const note = JSON.stringify({ pid: self, mark: commandLine(self), address });
  while (!create(file, note)) {
    const pid = findLeftOver(file);
    // A restarted container may give this process the very pid of the run that was killed.
    if (pid !== undefined && pid !== self) {
      throw new Error(
        `onsale is already running at ${addressIn(file)} (pid ${pid}); to stop it: kill ${pid}`,
      );
    }
    rmSync(file, { force: true });
  }
};

export const releaseLock = (file: string): void => rmSync(file, { force: true });
