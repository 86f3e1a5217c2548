import { type Config, parseConfig, type RequiredSetting } from '../config.ts';

/** The configuration; or `undefined`, after every problem was printed. */
export const readConfig = (
  environment: NodeJS.ProcessEnv,
  needed: readonly RequiredSetting[],
): Config | undefined => {
  const verdict = parseConfig(environment, needed);
  if (verdict.type === 'valid') return withCaFiles(verdict.config);
  for (const problem of verdict.problems) process.stderr.write(`onsale: ${problem}\n`);
  return undefined;
};

/** Adds the certificate files to the URLs, so that every verb that connects uses them. */
const withCaFiles = (config: Config): Config => ({
  ...config,
  redisUrl: withCaFile(config.redisUrl, config.redisCaFile),
  databaseUrl: withCaFile(config.databaseUrl, config.databaseCaFile),
  databaseReadUrl: withCaFile(config.databaseReadUrl, config.databaseReadCaFile || config.databaseCaFile),
});

/** Adds the file with the certificate authorities for this server to its URL: `?ca=<file>`. */
const withCaFile = (url: string, file: string): string => {
  if (file === '' || !URL.canParse(url)) return url;
  const trusting = new URL(url);
  trusting.searchParams.set('ca', file);
  return trusting.href;
};
