import { join } from 'node:path';
import { checkDatabase, checkRedis } from './check-servers.ts';
import { ensureServers, type ServerName } from './install-servers.ts';
import { startMariadb } from './private-mariadb.ts';
import { startRedis } from './private-redis.ts';
import type { PrivateServerOptions, Server } from './server-process.ts';
import { supervise } from './supervise.ts';

export interface ServerUrls {
  readonly REDIS_URL: string;
  readonly DATABASE_URL: string;
}

export interface LocalServers {
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  /** Called with the way to stop each server as soon as it runs, so that a later failure leaves none behind. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

interface PrivateServer {
  readonly name: ServerName;
  readonly label: string;
  readonly start: (options: PrivateServerOptions) => Promise<Server>;
}

const redis: PrivateServer = { name: 'redis', label: 'Redis', start: startRedis };
const mariadb: PrivateServer = { name: 'mariadb', label: 'MariaDB', start: startMariadb };

/** A server that died is restarted on the same port, because clients keep its URL. */
const startSupervised = async (
  { name, label, start }: PrivateServer,
  servers: LocalServers,
): Promise<string> => {
  const { stateDir, print, onStarted } = servers;
  let first: Server | undefined;
  const supervised = await supervise({
    name: label,
    print,
    start: async () => {
      const server = await start({ dir: join(stateDir, name), ...(first && { port: first.port }) });
      first ??= server;
      return server;
    },
  });
  onStarted(supervised.stop);
  if (first === undefined) throw new Error(`${label} has no address`);
  print(`${label} runs on 127.0.0.1:${first.port}`);
  return first.url;
};

/** Both servers' URLs: those given in the environment once they answer, private ones otherwise. */
export const localServers = async (servers: LocalServers): Promise<ServerUrls> => {
  const {
    REDIS_URL: redisUrl,
    DATABASE_URL: databaseUrl,
    ONSALE_REDIS_CA_FILE: redisCaFile,
    ONSALE_DATABASE_CA_FILE: databaseCaFile,
  } = servers.env;
  // Checked before anything is installed or started: a wrong URL is a typing error and should be reported at once.
  const given = await Promise.all([
    redisUrl && checkRedis({ url: redisUrl, caFile: redisCaFile }),
    databaseUrl && checkDatabase({ url: databaseUrl, caFile: databaseCaFile }),
  ]);
  ensureServers(
    [redis, mariadb].filter((_, index) => !given[index]).map(({ name }) => name),
    servers.print,
  );
  const [first, second] = await Promise.allSettled([
    given[0] || startSupervised(redis, servers),
    given[1] || startSupervised(mariadb, servers),
  ]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return { REDIS_URL: first.value, DATABASE_URL: second.value };
};
