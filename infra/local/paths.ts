import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const inside = (path: string): string => fileURLToPath(new URL(path, root));

/** Where things are in a checkout. */
export const paths = {
  root: fileURLToPath(root),
  state: inside('.onsale'),
  main: inside('dist/main.js'),
  redisConf: inside('infra/redis/redis.conf'),
  redisUsers: inside('infra/redis/users.conf'),
  mariadbConf: inside('infra/mysql/onsale.cnf'),
  mariadbInit: inside('infra/mysql/init.sql'),
  mariadbUsers: inside('infra/mysql/users.sql'),
} as const;
