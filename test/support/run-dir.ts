import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLeftOver } from '../../infra/local/left-over.ts';
import { signal } from '../../infra/local/process-identity.ts';

// Not named .pid: what is named so is killed when the directory is removed.
const NOTE = 'runner.json';

export interface RunDirOptions {
  /** What its name begins with. */
  readonly prefix: string;
  /** A piece of the command line of the program it is for. */
  readonly mark: string;
  /** Where it is made; where the system keeps temporary files when not given. */
  readonly parent?: string;
}

/** Kills whatever still runs on data under dir, then removes it. */
export const removeWithServers = (dir: string): void => {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.pid'))) {
    const pid = findLeftOver(join(dir, file));
    if (pid !== undefined) signal(pid, 'SIGKILL');
  }
  // A server that is just dying may still create a file.
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
};

const removeAbandoned = (parent: string, prefix: string): void => {
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    const dir = join(parent, name);
    if (findLeftOver(join(dir, NOTE)) === undefined) removeWithServers(dir);
  }
};

/** A directory for all data of this run; those of runs that were killed are removed first. */
export const newRunDir = ({ prefix, mark, parent = tmpdir() }: RunDirOptions): string => {
  mkdirSync(parent, { recursive: true });
  removeAbandoned(parent, prefix);
  const dir = join(parent, `${prefix}${process.pid}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, NOTE), JSON.stringify({ pid: process.pid, mark }));
  return dir;
};
