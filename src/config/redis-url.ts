import { type Setting, url } from './setting.ts';

const byNetwork = url(
  'REDIS_URL',
  ['redis:', 'rediss:', 'redis+cluster:', 'rediss+cluster:'],
  'redis://127.0.0.1:6379, redis+cluster://127.0.0.1:7000 or redis+unix:///run/redis.sock',
);

const isSocket = (text: string): boolean => /^(?:redis\+)?unix:\/\//.test(text);

/** One server, a cluster, or a socket of this machine. Whoever connects tells what is wrong with the rest of it. */
export const redisUrl: Setting<string> = {
  ...byNetwork,
  parse: (text) => (isSocket(text) ? text : byNetwork.parse(text)),
};
