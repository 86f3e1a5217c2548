import { parseEntityTags } from './entity-tags.ts';

/**
 * Whether If-None-Match names the ETag that the client would get. Weak comparison (RFC 9110 §13.1.2); `*`
 * matches any.
 */
export const etagMatches = (ifNoneMatch: string | undefined, etag: string): boolean => {
  if (ifNoneMatch === undefined) return false;
  const asked = parseEntityTags(ifNoneMatch);
  return asked === '*' || (asked?.includes(etag) ?? false);
};
