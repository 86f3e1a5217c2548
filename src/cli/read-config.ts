import { type Config, type Needed, parseConfig } from '../config.ts';

/** The configuration, or `undefined` after every problem was printed. */
export const readConfig = (environment: NodeJS.ProcessEnv, needed: readonly Needed[]): Config | undefined => {
  const verdict = parseConfig(environment, needed);
  if (verdict.type === 'valid') return verdict.config;
  for (const problem of verdict.problems) process.stderr.write(`onsale: ${problem}\n`);
  return undefined;
};
