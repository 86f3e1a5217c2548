import { type Config, parseConfig, type RequiredSetting } from '../config.ts';

/** The configuration, or `undefined` after every problem was printed. */
export const readConfig = (
  environment: NodeJS.ProcessEnv,
  needed: readonly RequiredSetting[],
): Config | undefined => {
  const verdict = parseConfig(environment, needed);
  if (verdict.type === 'valid') return withCaFiles(verdict.config);
  for (const problem of verdict.problems) process.stderr.write(`onsale: ${problem}\n`);
  return undefined;
};

/** The URLs carry the files along: whoever connects, for whatever verb, cannot forget them. */
const withCaFiles = (config: Config): Config => ({
  ...config,
  redisUrl: withCaFile(config.redisUrl, config.redisCaFile),
  databaseUrl: withCaFile(config.databaseUrl, config.databaseCaFile),
  databaseReadUrl: withCaFile(config.databaseReadUrl, config.databaseReadCaFile || config.databaseCaFile),
});

/** The URL of a server, saying as well by which certificates the server's own is to be judged: `?ca=<file>`. */
const withCaFile = (url: string, file: string): string => {
  if (file === '' || !URL.canParse(url)) return url;
  const trusting = new URL(url);
  trusting.searchParams.set('ca', file);
  return trusting.href;
};
