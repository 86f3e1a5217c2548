import { fileURLToPath } from 'node:url';

/** The files that private servers need. */
export interface ServerFiles {
  readonly redisConf: string;
  readonly redisUsers: string;
  readonly mariadbConf: string;
  readonly mariadbInit: string;
  readonly mariadbUsers: string;
}

const fileIn =
  (root: URL) =>
  (path: string): string =>
    fileURLToPath(new URL(path, root));

/** `root` ends with a slash. */
export const serverFilesIn = (root: URL): ServerFiles => {
  const inside = fileIn(root);
  return {
    redisConf: inside('infra/redis/redis.conf'),
    redisUsers: inside('infra/redis/users.conf'),
    mariadbConf: inside('infra/mysql/onsale.cnf'),
    mariadbInit: inside('infra/mysql/init.sql'),
    mariadbUsers: inside('infra/mysql/users.sql'),
  };
};

const root = new URL('../../', import.meta.url);
const inside = fileIn(root);

/** The paths of a checkout. */
export const paths = {
  root: fileURLToPath(root),
  state: inside('.onsale'),
  main: inside('dist/main.js'),
  ...serverFilesIn(root),
} as const;
