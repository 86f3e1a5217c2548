/** Splits the URL into the address and the file of CA certificates for the server's. Without such a file there is no TLS. */
export const withoutCaFile = (url: string): { readonly uri: string; readonly caFile?: string } => {
  const server = new URL(url);
  const caFile = server.searchParams.get('ca');
  server.searchParams.delete('ca');
  return { uri: server.href, ...(caFile !== null && { caFile }) };
};

/** What is wrong with a database URL, as far as that is known without connecting. */
export const faultOfUrl = (url: string): string | undefined => {
  if (!URL.canParse(url)) return 'not a URL; it should look like mysql://user:password@host:3306/database';
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'mysql:' && protocol !== 'mariadb:') return `starts with ${protocol} instead of mysql:`;
  if (pathname.length < 2) return 'names no database; it should end in /database';
  return undefined;
};
