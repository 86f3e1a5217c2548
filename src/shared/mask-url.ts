/** Parameters whose values are not secret: more nodes, a file of certificates, the number of a database, IPv4 or IPv6. */
const shownParameters = ['nodes', 'ca', 'db', 'family'];

/** The URL of a server in a form that may be printed: with its address and user, without passwords and keys. */
export const maskUrl = (url: string): string => {
  // The URL of a socket may have a user without a host, which the class URL rejects.
  if (isUnixUrl(url)) return maskParameters(url.replace(/^([a-z+]+:\/\/[^:@/]*):.*@/, '$1:***@'));
  if (!URL.canParse(url)) return '(not a URL)';
  const masked = new URL(url);
  if (masked.password !== '') masked.password = '***';
  return maskParameters(masked.href);
};

/** Whether it is `redis+unix:///path/to.sock`, or `unix:` as other clients write it. */
export const isUnixUrl = (url: string): boolean => /^(?:redis\+)?unix:/.test(url);

const maskParameters = (url: string): string =>
  url.replace(/([?&])([^=&#]*)(=?)[^&#]*/g, (whole, before: string, name: string, equals: string) =>
    shownParameters.includes(name) || name === '' ? whole : `${before}${equals && `${name}=`}***`,
  );
