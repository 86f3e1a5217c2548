import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '../../infra/local/find-program.ts';

/** Runs redis-cli to its end, as an operator would; throws its output if it fails. */
export const redisCli = async (...args: readonly string[]): Promise<string> => {
  const program = findProgram('redis-cli');
  if (program === undefined) throw new Error('this drill needs redis-cli: apt-get install redis-tools');
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: unknown) => {
      output += chunk;
    });
  const [code] = await once(child, 'close');
  if (code !== 0 || /\[ERR\]/.test(output))
    throw new Error(`redis-cli ${args.join(' ')}:\n${output.slice(-2_000)}`);
  return output;
};
