import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { type Answer, type Call, call, openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { isProblem } from '../support/problem.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('errors by HTTP', { timeoutMs: 30_000 });

let backends: Backends;
let api: Onsale;
let projector: Onsale;
let showId: string;

test.before(async () => {
  backends = await startBackends();
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls });
  projector = await startOnsale({ roles: ['projector'], ...backends.urls });
  showId = await openShow(api.url, { stalls: 100 }, { maxPerRequest: 6 });
});

test.after(async () => {
  await Promise.all([api, projector].map((process) => process?.stop()));
  await backends.remove();
});

const customer = 'alice';
const lines = [{ poolId: 'stalls', quantity: 1 }];
const unknownId = '01941f29-7000-8003-8123-456789abcdef';

interface Row {
  readonly status: number;
  readonly code: string;
  readonly what: string;
  readonly path: string;
  readonly call: () => Call;
  readonly also?: (answer: Answer) => void;
}

const reservations = '/v1/reservations';
const show = { name: 'A show', pools: [{ id: 'stalls', name: 'Stalls', capacity: 1 }] };
const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): Call => ({
  customer,
  body,
  headers,
});
const pointsAt =
  (pointer: string) =>
  ({ body }: Answer): void =>
    assert.match(JSON.stringify(body['errors']), JSON.stringify(pointer));

const rows: readonly Row[] = [
  {
    status: 400,
    code: 'malformed-json',
    what: 'half a body',
    path: reservations,
    call: () => post('{"showId":'),
  },
  {
    status: 400,
    code: 'invalid-request',
    what: 'a property nobody knows',
    path: reservations,
    call: () => post({ showId, lines, seat: 'A1' }),
    also: pointsAt('#/seat'),
  },
  {
    status: 400,
    code: 'invalid-request',
    what: 'a number as text',
    path: reservations,
    call: () => post({ showId, lines: [{ poolId: 'stalls', quantity: '3' }] }),
    also: pointsAt('#/lines/0/quantity'),
  },
  {
    status: 400,
    code: 'invalid-request',
    what: 'a cursor nobody gave',
    path: `${reservations}?cursor=nonsense`,
    call: () => ({ customer }),
    also: pointsAt('?cursor'),
  },
  {
    status: 401,
    code: 'unauthenticated',
    what: 'nobody asks for places',
    path: reservations,
    call: () => ({ body: { showId, lines } }),
  },
  {
    status: 401,
    code: 'unauthenticated',
    what: 'nobody asks for a list',
    path: reservations,
    call: () => ({}),
  },
  {
    status: 403,
    code: 'forbidden',
    what: 'a customer opens a show',
    path: '/v1/shows',
    call: () => post(show),
  },
  {
    status: 404,
    code: 'not-found',
    what: 'a reservation nobody made',
    path: `${reservations}/${unknownId}`,
    call: () => ({ customer }),
  },
  {
    status: 404,
    code: 'not-found',
    what: 'a show nobody opened',
    path: `/v1/shows/${unknownId}`,
    call: () => ({}),
  },
  {
    status: 404,
    code: 'not-found',
    what: 'places of a show nobody opened',
    path: reservations,
    call: () => ({ ...post({ showId: unknownId, lines }), wait: 30 }),
  },
  { status: 404, code: 'not-found', what: 'an address that is none', path: '/v2', call: () => ({}) },
  {
    status: 405,
    code: 'method-not-allowed',
    what: 'DELETE',
    path: '/v1/shows',
    call: () => ({ method: 'DELETE' }),
    also: ({ headers }) => assert.is(headers.get('allow'), 'GET, HEAD, POST'),
  },
  {
    status: 413,
    code: 'payload-too-large',
    what: 'more than 16 KiB',
    path: reservations,
    call: () => post({ showId, lines, reference: 'x'.repeat(17_000) }),
  },
  {
    status: 415,
    code: 'unsupported-media-type',
    what: 'text/plain',
    path: reservations,
    call: () => post(JSON.stringify({ showId, lines }), { 'content-type': 'text/plain' }),
  },
  {
    status: 422,
    code: 'unknown-pool',
    what: 'a pool the show has not',
    path: reservations,
    call: () => ({ ...post({ showId, lines: [{ poolId: 'balcony', quantity: 1 }] }), wait: 30 }),
  },
  {
    status: 422,
    code: 'over-request-limit',
    what: 'seven where six are allowed',
    path: reservations,
    call: () => ({ ...post({ showId, lines: [{ poolId: 'stalls', quantity: 7 }] }), wait: 30 }),
  },
  {
    status: 431,
    code: 'headers-too-large',
    what: 'headers of more than 16 KiB',
    path: reservations,
    call: () => ({ customer, headers: { 'x-long': 'x'.repeat(17_000) } }),
  },
];

for (const { status, code, what, path, call: asked, also } of rows) {
  test(`${status} ${code}: ${what}`, async () => {
    const answer = await call(`${api.url}${path}`, asked());
    isProblem(answer, status, code);
    also?.(answer);
  });
}

test('every type leads to a page that explains it', async () => {
  for (const code of new Set(rows.map((row) => row.code))) {
    const page = await call(`${api.url}/problems/${code}`);
    assert.is(page.status, 200);
    assert.match(String(page.body['text']), code);
  }
});

/**
 * Repeats the request until the door itself refuses it, which may be a moment after the decision that causes
 * it.
 */
const untilRefusedAtTheDoor = async (show: string, code: string): Promise<Answer> => {
  let answer: Answer | undefined;
  const isRefused = async (): Promise<boolean> => {
    answer = await reserve(api.url, { customer, showId: show, quantity: 1, wait: 30 });
    isProblem(answer, 409, code);
    return answer.body['instance'] === undefined;
  };
  assert.ok(await waitUntil(isRefused, { limitMs: 10_000 }), JSON.stringify(answer?.body));
  if (answer === undefined) throw new Error('nothing was asked');
  return answer;
};

test('409 sold-out: by decision with the reservation as instance, at the door without one', async () => {
  const small = await openShow(api.url, { stalls: 1 });
  const decided = await reserve(api.url, { customer, showId: small, quantity: 2, wait: 30 });
  isProblem(decided, 409, 'sold-out');
  const kept = await call(`${api.url}${decided.body['instance']}`, { customer });
  assert.equal([kept.body['status'], kept.body['reason']], ['rejected', 'sold-out']);
  assert.is((await reserve(api.url, { customer, showId: small, quantity: 1, wait: 30 })).status, 201);
  const refused = await untilRefusedAtTheDoor(small, 'sold-out');
  assert.is(refused.body['mayReturn'], false);
});

test('409 sale-not-open before the sale, sale-closed after it', async () => {
  const later = await openShow(api.url, { stalls: 1 }, { opensAt: '2999-01-01T00:00:00.000Z' });
  await untilRefusedAtTheDoor(later, 'sale-not-open');
  const over = await openShow(api.url, { stalls: 1 }, { closesAt: '2001-01-01T00:00:00.000Z' });
  await untilRefusedAtTheDoor(over, 'sale-closed');
});

test('503 overloaded: a queue that is too long takes no more, and keeps what it took', async () => {
  await projector.stop();
  const narrow = await startOnsale({
    roles: ['command'],
    ...backends.urls,
    env: { ONSALE_BACKLOG_ENTRIES_MAX: '5' },
  });
  let answer: Answer | undefined;
  const isFull = async (): Promise<boolean> => {
    answer = await reserve(narrow.url, { customer, showId, quantity: 1 });
    return answer.status !== 202;
  };
  try {
    assert.ok(await waitUntil(isFull, { limitMs: 10_000 }));
    if (answer) isProblem(answer, 503, 'overloaded');
    assert.ok(Number(answer?.headers.get('retry-after')) >= 1);
    projector = await startOnsale({ roles: ['projector'], ...backends.urls });
    await untilDecided(backends.urls);
    const isOpen = async (): Promise<boolean> =>
      (await reserve(narrow.url, { customer, showId, quantity: 1 })).status === 202;
    assert.ok(await waitUntil(isOpen, { limitMs: 10_000 }), 'taken again once the queue is short');
  } finally {
    await narrow.stop();
  }
});
