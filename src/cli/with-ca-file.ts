/** The URL of a server, saying as well by which certificates the server's own is to be judged: `?ca=<file>`. */
export const withCaFile = (url: string, file: string): string => {
  if (file === '' || !URL.canParse(url)) return url;
  const trusting = new URL(url);
  trusting.searchParams.set('ca', file);
  return trusting.href;
};
