import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ChildPlan {
  /** A TypeScript file in this directory. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A child process of the bench with a message channel. It is killed when the bench ends. */
export const startChild = ({ file, args, env = {} }: ChildPlan): ChildProcess => {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), path, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.on('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
};

/** Its next message; throws if the process ends without one. */
export const nextMessage = async (child: ChildProcess): Promise<unknown> => {
  const ended = new AbortController();
  const failed = once(child, 'exit', ended).then(([code, signal]) => {
    throw new Error(`a process of the bench ended (${signal ?? `exit code ${code}`}) before it answered`);
  });
  const [message] = await Promise.race([once(child, 'message', ended), failed]).finally(() => {
    failed.catch(() => undefined);
    ended.abort();
  });
  return message;
};

export const endOf = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

export const endChild = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  const ended = endOf(child);
  child.kill(signal);
  await ended;
};
