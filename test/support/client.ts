/** What tests say to a running onsale, by HTTP and nothing else. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly method?: string;
  readonly customer?: string;
  readonly admin?: boolean;
  readonly wait?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const call = async (
  url: string,
  { method, customer, admin, wait, headers, body }: Call = {},
): Promise<Answer> => {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(customer !== undefined && { 'x-customer-id': customer }),
      ...(admin && { 'x-admin': 'true' }),
      ...(wait !== undefined && { prefer: `wait=${wait}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parseBody(text) };
};

const parseBody = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
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
}

export const reserve = async (
  api: string,
  { customer, showId, quantity, poolId, wait }: Wish,
): Promise<Answer> =>
  await call(`${api}/v1/reservations`, {
    customer,
    body: { showId, lines: [{ poolId: poolId ?? 'stalls', quantity }] },
    ...(wait !== undefined && { wait }),
  });

export const getReservation = async (
  api: string,
  id: string,
  customer: string,
  wait?: number,
): Promise<Answer> =>
  await call(`${api}/v1/reservations/${id}`, { customer, ...(wait !== undefined && { wait }) });
