/** Where a Redis listens on this machine, and as whom. */
export interface UnixAddress {
  readonly path: string;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
}

/** `redis+unix:///path/to.sock`, or `unix:` as other clients call it. */
export const isUnixUrl = (url: string): boolean => /^(?:redis\+)?unix:/.test(url);

/** Scheme, user and password, path, parameters; user, password and path may have %-encoded parts. */
const form = /^(?:redis\+)?unix:\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?([^?#]*)(?:\?([^#]*))?$/;

/** The address, or what is wrong with it in words. */
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
    return `a % in it stands before what is no hexadecimal number; ${expected}`;
  }
};

/** The driver takes any option of its own from a URL, before ours: also those that let it send a command twice. */
export const parameterFault = (given: URLSearchParams, taken: readonly string[]): string | undefined => {
  const other = [...given.keys()].find((name) => !taken.includes(name));
  if (other === undefined) return undefined;
  return `it takes no parameter ${JSON.stringify(other)}, only ${taken.join(' and ')}`;
};

const expected =
  'expected redis+unix:///path/to.sock?db=0, with user:password@ before the path where it wants one';
