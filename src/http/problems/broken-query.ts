import type { Problem } from './problem.ts';

/**
 * Whether the query has a percent-encoding that cannot be decoded. The router refuses the same in the path.
 */
export const hasBrokenQuery = (url: string): boolean => {
  const query = url.indexOf('?');
  if (query < 0 || !url.includes('%', query)) return false;
  try {
    decodeURIComponent(url.slice(query));
    return false;
  } catch {
    return true;
  }
};

export const brokenEncoding: Problem = {
  code: 'invalid-request',
  detail: 'The address holds a broken percent-encoding.',
};
