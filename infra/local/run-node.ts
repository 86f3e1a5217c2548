import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface NodeRun {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}

/**
 * Runs a Node program to its end and prints its lines with its name before them. Throws unless its exit code
 * is 0.
 */
export const runNode = ({ name, args, env, print }: NodeRun): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => print(`[${name}] ${line}`));
    }
    child.once('error', reject);
    child.once('close', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`${name} failed (${signal ?? `exit code ${code}`}), see above`)),
    );
  });
