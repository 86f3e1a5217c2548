import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLeftOver } from '../../infra/local/left-over.ts';
import { signal } from '../../infra/local/process-identity.ts';

// Not a .pid file: processes named in .pid files are killed when the directory is removed.
const NOTE = 'runner.json';

export interface RunDirOptions {
  /** Prefix of the directory's name. */
  readonly prefix: string;
  /** A part of the command line of the program that uses it. */
  readonly mark: string;
  /** Its parent directory; default: the system's directory for temporary files. */
  readonly parent?: string;
}

/** Kills processes that still use data under dir, then removes it. */
export const removeWithServers = (dir: string): void => {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.pid'))) {
    const pid = findLeftOver(join(dir, file));
    if (pid !== undefined) signal(pid, 'SIGKILL');
  }
  // A server that is about to exit may still create a file.
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
};

const removeAbandoned = (parent: string, prefix: string): void => {
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    const dir = join(parent, name);
    if (findLeftOver(join(dir, NOTE)) === undefined) removeWithServers(dir);
  }
};

/** A directory for all data of this run; directories of killed runs are removed first. */
export const newRunDir = ({ prefix, mark, parent = tmpdir() }: RunDirOptions): string => {
  mkdirSync(parent, { recursive: true });
  removeAbandoned(parent, prefix);
  const dir = join(parent, `${prefix}${process.pid}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, NOTE), JSON.stringify({ pid: process.pid, mark }));
  return dir;
};
