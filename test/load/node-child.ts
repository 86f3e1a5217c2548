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

/**
 * Its next message; throws if the process ends without one. The end of the channel is awaited, not the end of
 * the process: `exit` may be emitted before a message that the process sent last.
 */
export const nextMessage = async (child: ChildProcess): Promise<unknown> => {
  const settled = new AbortController();
  const failed = once(child, 'disconnect', settled).then(async () => {
    await endOf(child);
    throw new Error(
      `a process of the bench ended (${child.signalCode ?? `exit code ${child.exitCode}`}) before it answered`,
    );
  });
  const [message] = await Promise.race([once(child, 'message', settled), failed]).finally(() => {
    failed.catch(() => undefined);
    settled.abort();
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
