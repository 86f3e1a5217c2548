/** The servers' users: one for each kind of process, as infra/redis/users.conf and infra/mysql/users.sql create them. */
export type ServerUser = 'command' | 'query' | 'api' | 'projector' | 'migrate' | 'operate';

/**
 * A process with command and query has a user of its own; a process that is also a projector uses one that
 * may do everything.
 */
export const userOfRoles = (roles: readonly string[]): ServerUser | undefined => {
  const [first, ...others] = roles.toSorted();
  if (others.length === 0)
    return first === 'command' || first === 'query' || first === 'projector' ? first : undefined;
  return others.length === 1 && first === 'command' && others[0] === 'query' ? 'api' : undefined;
};

/** Whether a URL leads to a private server, which is recognised by the administrator's name. */
const isPrivate = ({ hostname, protocol, username, password }: URL): boolean =>
  hostname === '127.0.0.1' &&
  (protocol === 'mysql:'
    ? `${username}:${password}` === 'onsale:onsale'
    : username === '' && password === '');

/**
 * The URL of the same server for one of its users. The URL of a given server is left as it is, because its users are not
 * known here. Migrations do not use Redis.
 */
const asUser = (url: string, user: ServerUser | undefined): string => {
  if (user === undefined || !URL.canParse(url)) return url;
  const server = new URL(url);
  const isHere = server.protocol === 'mysql:' || user !== 'migrate';
  if (!isPrivate(server) || !isHere) return url;
  server.username = `onsale-${user}`;
  server.password = `onsale-${user}`;
  return server.href;
};

/** The environment of a process that connects to private servers as this user. */
export const withUser = (env: NodeJS.ProcessEnv, user: ServerUser | undefined): NodeJS.ProcessEnv => {
  const { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, DATABASE_READ_URL: readUrl } = env;
  return {
    ...env,
    ...(redisUrl && { REDIS_URL: asUser(redisUrl, user) }),
    ...(databaseUrl && { DATABASE_URL: asUser(databaseUrl, user) }),
    ...(readUrl && { DATABASE_READ_URL: asUser(readUrl, user) }),
  };
};
