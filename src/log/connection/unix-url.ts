/** The socket on which a Redis of this machine listens, and the user to connect as. */
export interface UnixAddress {
  readonly path: string;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
}

/** Scheme, user and password, path, parameters; user, password and path may have %-encoded parts. */
const form = /^(?:redis\+)?unix:\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?([^?#]*)(?:\?([^#]*))?$/;

/** Parses the URL. Returns the address, or text that says what is wrong. */
export const parseUnixUrl = (url: string): UnixAddress | string => {
  const [, username = '', password = '', path = '', parameters = ''] = form.exec(url) ?? [];
  if (path === '' || path === '/') return `it names no socket; ${expected}`;
  if (!path.startsWith('/')) return `the path of the socket must be absolute; ${expected}`;
  const given = new URLSearchParams(parameters);
  const fault = parameterFault(given, ['db']);
  if (fault !== undefined) return `${fault}; ${expected}`;
  const db = given.getAll('db').at(-1) ?? '0';
  if (!/^\d{1,4}$/.test(db)) return `db must be the number of a database; ${expected}`;
  try {
    return {
      path: decodeURIComponent(path),
      db: Number(db),
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
    };
  } catch {
    return `it has a % that no hexadecimal number follows; ${expected}`;
  }
};

/**
 * What is wrong with the parameters; undefined when all are allowed. The driver would take any of its own
 * options from a URL, and prefer them to ours, including those that let it send a command twice.
 */
export const parameterFault = (given: URLSearchParams, taken: readonly string[]): string | undefined => {
  const other = [...given.keys()].find((name) => !taken.includes(name));
  if (other === undefined) return undefined;
  return `it takes no parameter ${JSON.stringify(other)}, only ${taken.join(' and ')}`;
};

const expected =
  'expected redis+unix:///path/to.sock?db=0, with user:password@ before the path where it wants one';
