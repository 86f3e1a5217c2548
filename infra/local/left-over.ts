import { readFileSync, rmSync } from 'node:fs';
import { isProcess, signal } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

const GRACE_MS = 20_000;
const KILL_MS = 5_000;

interface PidNote {
  readonly pid: number;
  /** A part of its command line that no other program has. */
  readonly mark: string;
}

const parsePidNote = (file: string): PidNote | undefined => {
  try {
    const note: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof note !== 'object' || note === null || !('pid' in note) || !('mark' in note)) return undefined;
    return typeof note.pid === 'number' && typeof note.mark === 'string'
      ? { pid: note.pid, mark: note.mark }
      : undefined;
  } catch {
    return undefined;
  }
};

/** The process a pid file names, when it is alive and really ours. */
export const findLeftOver = (file: string): number | undefined => {
  const note = parsePidNote(file);
  return note !== undefined && isProcess(note.pid, note.mark) ? note.pid : undefined;
};

/** Ends the process a pid file names, if it is ours, and removes the file; true when there was one. */
export const stopLeftOver = async (file: string): Promise<boolean> => {
  const pid = findLeftOver(file);
  if (pid !== undefined) {
    const gone = (): boolean => findLeftOver(file) === undefined;
    signal(pid, 'SIGTERM');
    // A stopped (SIGSTOP) process takes no SIGTERM until it is continued.
    signal(pid, 'SIGCONT');
    if (!(await waitUntil(gone, { limitMs: GRACE_MS }))) {
      signal(pid, 'SIGKILL');
      await waitUntil(gone, { limitMs: KILL_MS });
    }
  }
  rmSync(file, { force: true });
  return pid !== undefined;
};
