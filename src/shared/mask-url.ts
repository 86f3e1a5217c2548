/** Parameters whose values are no secrets: more nodes, a file of certificates, the number of a database, IPv4 or IPv6. */
const shownParameters = ['nodes', 'ca', 'db', 'family'];

/** The URL of a server as it may be printed: where it leads and as whom, without passwords and keys. */
export const maskUrl = (url: string): string => {
  // To the class URL a user without a host, as the URL of a socket may have, is no URL.
  if (isSocket(url)) return maskParameters(url.replace(/^([a-z+]+:\/\/[^:@/]*):.*@/, '$1:***@'));
  if (!URL.canParse(url)) return '(not a URL)';
  const masked = new URL(url);
  if (masked.password !== '') masked.password = '***';
  return maskParameters(masked.href);
};

const isSocket = (url: string): boolean => /^(?:redis\+)?unix:/.test(url);

const maskParameters = (url: string): string =>
  url.replace(/([?&])([^=&#]*)(=?)[^&#]*/g, (whole, before: string, name: string, equals: string) =>
    shownParameters.includes(name) || name === '' ? whole : `${before}${equals && `${name}=`}***`,
  );
