import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The command line of a living process, or '' when there is none (or it is a zombie). */
export const commandLine = (pid: number): string => {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
};

/**
 * Whether the process is alive and its command line has all the marks. A pid alone proves nothing:
 * after a reboot or a long pause it may belong to somebody else's program.
 */
export const isProcess = (pid: number, ...marks: readonly string[]): boolean => {
  const line = commandLine(pid);
  return line !== '' && marks.every((mark) => line.includes(mark));
};

/** Sends a signal; false when the process was already gone. */
export const signal = (pid: number, name: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
};
