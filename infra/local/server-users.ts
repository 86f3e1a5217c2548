/** Who connects to the servers: a user for each kind of process, as infra/redis/users.conf and infra/mysql/users.sql make them. */
export type ServerUser = 'command' | 'query' | 'api' | 'projector' | 'migrate' | 'operate';

/** Both at once are a user of its own; a process that projects as well may do everything, as on one machine. */
export const userOfRoles = (roles: readonly string[]): ServerUser | undefined => {
  const [first, ...others] = roles.toSorted();
  if (others.length === 0)
    return first === 'command' || first === 'query' || first === 'projector' ? first : undefined;
  return others.length === 1 && first === 'command' && others[0] === 'query' ? 'api' : undefined;
};

/** Whether a URL leads to a private server, with the name of whoever administers it. */
const isPrivate = ({ hostname, protocol, username, password }: URL): boolean =>
  hostname === '127.0.0.1' &&
  (protocol === 'mysql:'
    ? `${username}:${password}` === 'onsale:onsale'
    : username === '' && password === '');

/**
 * The same server as one of its users. A URL of a server that somebody gave us is left as it is: which users there are
 * is theirs to know. In Redis nobody migrates.
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
