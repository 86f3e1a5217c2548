/** A Redis URL as it may be printed: without its password. */
export const maskRedisUrl = (url: string): string => {
  if (!URL.canParse(url)) return '(not a URL)';
  const masked = new URL(url);
  if (masked.password !== '') masked.password = '***';
  return masked.href;
};

/** Why a URL cannot be used, in words; undefined for a good one. */
export const redisUrlFault = (url: string): string | undefined => {
  if (!URL.canParse(url)) return 'it is not a URL; expected redis://host:port or rediss://host:port';
  const { protocol } = new URL(url);
  return protocol === 'redis:' || protocol === 'rediss:'
    ? undefined
    : `${protocol}// is not redis:// or rediss://`;
};
