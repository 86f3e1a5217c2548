import type { Problem } from './problem.ts';

/** Whether what stands behind the `?` is encoded in a way that means nothing; the router refuses the same before it. */
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
