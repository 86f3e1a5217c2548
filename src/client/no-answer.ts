/**
 * Says that nothing was heard from there, and what it may be. A browser tells a page only "TypeError: Failed to fetch" when it
 * keeps an answer back, as it does where nothing answers.
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

/** Browsers give a TypeError and no reason; Node, Deno and Bun give the reason as well. */
const isBrowsers = (error: unknown): boolean => error instanceof TypeError && error.cause === undefined;

/** Of the page or worker this runs in. */
const pageOrigin = (): string | undefined => {
  const { location }: { readonly location?: { readonly origin: string } } = Object(globalThis);
  return location?.origin;
};
