/** A page's `fetch` by the rules of a browser (Fetch standard, §3.3 and §4.8). */
export interface Page {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Every preflight request so far, as method and address. */
  readonly preflights: readonly string[];
}

const simpleMethods = ['GET', 'HEAD', 'POST'];
const simpleTypes = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
const simpleHeaders = ['accept', 'accept-language', 'content-language'];
const readableByAll = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
];

const namesIn = (headers: Headers, name: string): readonly string[] =>
  (headers.get(name) ?? '').split(',').map((each) => each.trim().toLowerCase());

/** A browser reports no more, whatever the cause. */
const failed = (): TypeError => new TypeError('Failed to fetch');

/**
 * The permission that a preflight gave. A `*` among the headers would not include Authorization; ours lists
 * each header.
 */
interface Permission {
  readonly headers: readonly string[];
  readonly methods: readonly string[];
  readonly untilMs: number;
}

const permits = (permission: Permission, method: string, names: readonly string[]): boolean =>
  (simpleMethods.includes(method) || permission.methods.includes(method.toLowerCase())) &&
  names.every((name) => permission.headers.includes(name));

/** `origin` as a browser sends it: scheme, host and port of the page. */
export const openPage = (origin: string): Page => {
  const preflights: string[] = [];
  const kept = new Map<string, Permission>();
  const isAllowed = ({ headers }: Response): boolean =>
    [origin, '*'].includes(headers.get('access-control-allow-origin') ?? '');
  const preflight = async ({ method, url }: Request, names: readonly string[]): Promise<void> => {
    const known = kept.get(url);
    if (known && known.untilMs > Date.now() && permits(known, method, names)) return;
    preflights.push(`${method} ${url}`);
    const answer = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        ...(names.length > 0 && { 'access-control-request-headers': names.join(',') }),
      },
    });
    const permission = {
      headers: namesIn(answer.headers, 'access-control-allow-headers'),
      methods: namesIn(answer.headers, 'access-control-allow-methods'),
      untilMs: Date.now() + Number(answer.headers.get('access-control-max-age') ?? 5) * 1_000,
    };
    if (!answer.ok || !isAllowed(answer) || !permits(permission, method, names)) throw failed();
    kept.set(url, permission);
  };
  return {
    preflights,
    fetch: async (request) => {
      if (new URL(request.url).origin === origin) return fetch(request);
      const names = unusualHeaders(request);
      if (names.length > 0 || !simpleMethods.includes(request.method)) await preflight(request, names);
      const sent = new Request(request);
      sent.headers.set('origin', origin);
      const answer = await fetch(sent).catch(() => Promise.reject(failed()));
      if (!isAllowed(answer)) throw failed();
      return readable(answer);
    },
  };
};

const unusualHeaders = ({ headers }: Request): readonly string[] =>
  [...headers]
    .filter(
      ([name, value]) =>
        !simpleHeaders.includes(name) &&
        !(name === 'content-type' && simpleTypes.includes(value.split(';')[0] ?? '')),
    )
    .map(([name]) => name)
    .sort();

/** The answer with the headers that the page may read. */
const readable = (answer: Response): Response => {
  const exposed = [...readableByAll, ...namesIn(answer.headers, 'access-control-expose-headers')];
  const headers = [...answer.headers].filter(([name]) => exposed.includes(name));
  const { status, statusText, body } = answer;
  return new Response(body, { status, statusText, headers });
};
