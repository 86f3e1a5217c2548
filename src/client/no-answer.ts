/**
 * A message that the service did not answer, with the possible causes. A browser tells a page only
 * "TypeError: Failed to fetch", both when it withholds an answer from the page (CORS) and when no server
 * answers.
 */
export const noAnswerText = (url: string, error: unknown): string => {
  const page = pageOrigin();
  const isHidden = isBrowsers(error) && page !== new URL(url).origin;
  return isHidden
    ? `no answer from ${url} that this page may read${reasons(url, page)}`
    : `no answer from ${url}`;
};

const reasons = (url: string, page: string | undefined): string => {
  const origin = page ?? 'the origin of this page';
  const blocked = page?.startsWith('https:') && url.startsWith('http:');
  return [
    '. Why, only the console of the browser says',
    `it may be CORS, if ONSALE_CORS_ORIGINS of the service does not name ${origin}`,
    ...(blocked ? ['a page of https may not call an address of http'] : []),
    'the connect-src of the page’s own Content-Security-Policy may forbid it',
    'or nothing answers there',
  ].join('; ');
};

/** Browsers give a TypeError without a cause; Node, Deno and Bun give the cause as well. */
const isBrowsers = (error: unknown): boolean => error instanceof TypeError && error.cause === undefined;

/** The origin of the page or worker in which this code runs. */
const pageOrigin = (): string | undefined => {
  const { location }: { readonly location?: { readonly origin: string } } = Object(globalThis);
  return location?.origin;
};
