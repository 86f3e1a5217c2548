import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findProgram } from '../../infra/local/find-program.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { newWrites, type Writes } from './writes.ts';

export type WriteWatch =
  | { readonly type: 'watching'; readonly writes: Writes; readonly stop: () => Promise<void> }
  | { readonly type: 'impossible'; readonly why: string };

const attachMs = 5_000;
const calls = 'trace=write,writev,fdatasync,fsync';

/** Traces a server with strace to learn which of its writes are fsynced. Not every machine allows that. */
export const watchWrites = async (pid: number): Promise<WriteWatch> => {
  const strace = findProgram('strace');
  if (strace === undefined) return { type: 'impossible', why: 'strace is not installed' };
  const child = spawn(strace, ['-f', '-y', '-s', '0', '-e', calls, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killAtExit = (): boolean => child.kill('SIGKILL');
  process.on('exit', killAtExit);
  const exited = once(child, 'exit');
  exited.then(
    () => process.off('exit', killAtExit),
    () => undefined,
  );
  const writes = newWrites();
  let firstLine = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    firstLine ||= line;
    writes.take(line, performance.now());
  });
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitUntil(() => firstLine !== '' || isGone(), { limitMs: attachMs });
  const stop = async (): Promise<void> => {
    if (!isGone()) child.kill('SIGTERM');
    await exited;
  };
  if (firstLine.includes('attached') && !isGone()) return { type: 'watching', writes, stop };
  await stop();
  return { type: 'impossible', why: firstLine === '' ? 'strace said nothing' : firstLine };
};
