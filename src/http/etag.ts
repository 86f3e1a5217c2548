/** Whether If-None-Match names the ETag the client would get. Weak comparison (RFC 9110 §13.1.2); `*` is any. */
export const etagMatches = (ifNoneMatch: string | undefined, etag: string): boolean => {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => {
    const asked = one.trim();
    return asked === '*' || asked.replace(/^W\//, '') === etag;
  });
};
