import { randomUUID } from 'node:crypto';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { waitUntil } from '../../infra/local/wait-until.ts';

/** An HTTP answer of onsale. These tests talk to a running onsale by HTTP only. */
export interface Answer {
  readonly status: number;
  readonly headers: Pick<Headers, 'get'>;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly method?: string;
  readonly customer?: string;
  readonly admin?: boolean;
  readonly wait?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Aborts the wait for the answer. */
  readonly timeoutMs?: number;
}

/**
 * fetch costs several times as much per request, and a thousand customers share two cores with the system
 * under test.
 */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

export const call = async (
  url: string,
  { method, customer, admin, wait, headers, body, timeoutMs = 60_000 }: Call = {},
): Promise<Answer> => {
  const bytes = body === undefined ? undefined : bytesOf(body);
  const sent = request(url, {
    agent,
    method: method ?? (bytes ? 'POST' : 'GET'),
    headers: {
      ...(customer !== undefined && { 'x-customer-id': customer }),
      ...(admin && { 'x-admin': 'true' }),
      ...(wait !== undefined && { prefer: `wait=${wait}` }),
      ...(bytes && { 'content-type': 'application/json' }),
      ...headers,
    },
    timeout: timeoutMs,
  });
  const response = await answerOf(sent.end(bytes), timeoutMs);
  return {
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: parseBody(await text(response)),
  };
};

const bytesOf = (body: unknown): Buffer =>
  Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

const answerOf = (sent: ClientRequest, timeoutMs: number): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
  });

const headersOf = ({ headers }: IncomingMessage): Answer['headers'] => ({
  get: (name) => headers[name.toLowerCase()]?.toString() ?? null,
});

const parseBody = (json: string): Record<string, unknown> => {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return { text: json };
  }
};

export const openShow = async (
  api: string,
  capacities: Readonly<Record<string, number>>,
  options: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const pools = Object.entries(capacities).map(([id, capacity]) => ({ id, name: id, capacity }));
  const answer = await call(`${api}/v1/shows`, { admin: true, body: { name: 'A show', pools, ...options } });
  if (answer.status !== 201)
    throw new Error(`show not opened: ${answer.status} ${JSON.stringify(answer.body)}`);
  return String(answer.body['id']);
};

export interface Wish {
  readonly customer: string;
  readonly showId: string;
  readonly quantity: number;
  readonly poolId?: string;
  readonly wait?: number;
  /** Sent as Idempotency-Key. */
  readonly key?: string;
  readonly reference?: string;
}

export const reserve = async (
  api: string,
  { customer, showId, quantity, poolId, wait, key, reference }: Wish,
): Promise<Answer> =>
  await call(`${api}/v1/reservations`, {
    customer,
    body: {
      showId,
      lines: [{ poolId: poolId ?? 'stalls', quantity }],
      ...(reference !== undefined && { reference }),
    },
    ...(wait !== undefined && { wait }),
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });

/** Makes a reservation and returns its id; throws unless it was decided as wished. */
export const reserved = async (api: string, wish: Wish): Promise<string> => {
  const answer = await reserve(api, { wait: 30, ...wish });
  if (answer.status !== 201) throw new Error(`not reserved: ${answer.status} ${JSON.stringify(answer.body)}`);
  return String(answer.body['id']);
};

/** Resolves when the reservation has this status; throws with the actual one. */
export const untilStatus = async (
  api: string,
  id: string,
  { customer, status }: { readonly customer: string; readonly status: string },
): Promise<void> => {
  let body: Record<string, unknown> = {};
  const isThere = async (): Promise<boolean> => {
    body = (await getReservation(api, id, customer)).body;
    return body['status'] === status;
  };
  if (await waitUntil(isThere, { limitMs: 20_000, everyMs: 50 })) return;
  throw new Error(`not ${status}: ${JSON.stringify(body)}`);
};

export type Verb = 'confirm' | 'extend' | 'cancel';

/**
 * Confirms, extends or cancels a reservation. It waits long, because tests need the decision. Each call has
 * an idempotency key of its own, unless headers are given.
 */
export const tell = async (api: string, verb: Verb, id: string, by: Call): Promise<Answer> =>
  await call(`${api}/v1/reservations/${id}/${verb}`, {
    method: 'POST',
    wait: 30,
    headers: { 'idempotency-key': randomUUID() },
    ...by,
  });

export const getReservation = async (
  api: string,
  id: string,
  customer: string,
  wait?: number,
): Promise<Answer> =>
  await call(`${api}/v1/reservations/${id}`, { customer, ...(wait !== undefined && { wait }) });

export interface Pool {
  readonly id: string;
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  readonly available: number;
  readonly target?: number;
}

export interface Show {
  readonly etag: string;
  readonly pools: readonly Pool[];
  readonly body: Record<string, unknown>;
}

export const getShow = async (api: string, showId: string): Promise<Show> => {
  const { status, headers, body } = await call(`${api}/v1/shows/${showId}`);
  if (status !== 200) throw new Error(`no show: ${status} ${JSON.stringify(body)}`);
  return { etag: headers.get('etag') ?? '', pools: parsePools(body['pools']), body };
};

const parsePools = (pools: unknown): readonly Pool[] => pools as readonly Pool[];

/** The only pool of a show with a single pool. */
export const getPool = async (api: string, showId: string): Promise<Pool> => {
  const [pool] = (await getShow(api, showId)).pools;
  if (!pool) throw new Error(`show ${showId} has no pool`);
  return pool;
};

/** Changes the show in its current revision, or in the revision of `etag`. */
export const changeShow = async (
  api: string,
  showId: string,
  { etag, ...change }: Readonly<Record<string, unknown>> & { readonly etag?: string },
): Promise<Answer> =>
  await call(`${api}/v1/shows/${showId}`, {
    method: 'PATCH',
    admin: true,
    headers: { 'if-match': etag ?? (await getShow(api, showId)).etag },
    body: change,
  });

/** A list in an answer; its items are not validated. */
export const itemsIn = ({ body }: Pick<Answer, 'body'>): readonly Record<string, unknown>[] =>
  parseItems(body['data'] ?? []);

const parseItems = (data: unknown): readonly Record<string, unknown>[] =>
  data as readonly Record<string, unknown>[];

/** The items of all pages of a list; `get` receives the text to append to the query. */
export const allPages = async (
  get: (cursor: string) => Promise<Answer>,
): Promise<readonly (readonly Record<string, unknown>[])[]> => {
  const pages: (readonly Record<string, unknown>[])[] = [];
  let cursor = '';
  for (;;) {
    const page = await get(cursor);
    if (page.status !== 200) throw new Error(`no page: ${page.status} ${JSON.stringify(page.body)}`);
    pages.push(itemsIn(page));
    if (page.body['nextCursor'] === null) return pages;
    cursor = `&cursor=${page.body['nextCursor']}`;
  }
};
