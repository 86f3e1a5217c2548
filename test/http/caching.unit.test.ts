import { commandRoutes } from '../../src/command/command-routes.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { opsRoutes } from '../../src/http/ops-routes.ts';
import { queryRoutes } from '../../src/query/query-routes.ts';
import { assert, suite } from '../support/suite.ts';
import {
  alice,
  asAlice,
  commandFakes,
  documentation,
  emptyReader,
  queryFakes,
  reservationIds,
  reservationOf,
  serverOf,
  show,
  showId,
} from './fakes.ts';

const test = suite('http: what caches may keep');

const own = reservationIds.mint(5, alice);
const { signal } = new AbortController();
const reader = {
  ...emptyReader,
  show: async (id: typeof showId) => (id === showId ? { show } : {}),
  reservation: async () => ({ reservation: reservationOf(own), watermark: newStreamId(0, 0) }),
};
const app = serverOf({
  documentation,
  corsOrigins: ['https://shop.example'],
  routes: [
    opsRoutes({
      ready: async () => ({ roles: { query: 'ok' as const }, details: {} }),
      stopping: signal,
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
    }),
    commandRoutes(commandFakes()),
    queryRoutes(queryFakes({ reader })),
  ],
});
test.after(async () => {
  await app.close();
});

const stranger = '01941f29-7000-8003-8123-456789abcdee';

const answers: readonly (readonly [path: string, status: number, cacheControl: string])[] = [
  ['/v1/shows', 200, 'max-age=1'],
  [`/v1/shows/${showId}`, 200, 'max-age=1'],
  ['/v1/reservations', 200, 'private, no-cache'],
  [`/v1/reservations/${own}`, 200, 'private, no-cache'],
  [`/v1/reservations/${own}/history`, 200, 'private, no-cache'],
  ['/openapi.json', 200, 'no-cache'],
  ['/docs/', 200, 'no-cache'],
  ['/docs/json', 200, 'no-cache'],
  ['/problems/sold-out', 200, 'max-age=3600'],
  ['/livez', 200, 'no-store'],
  ['/readyz', 200, 'no-store'],
  ['/metrics', 200, 'no-store'],
  [`/v1/shows/${stranger}`, 404, 'no-store'],
  [`/v1/shows/${stranger}/updates`, 404, 'no-store'],
  [`/v1/reservations/${stranger}`, 404, 'no-store'],
  ['/v1/shows?limit=x', 400, 'no-store'],
  ['/problems/none', 404, 'no-store'],
  ['/docs/none', 404, 'no-store'],
  ['/none', 404, 'no-store'],
  ['/%zz', 400, 'no-store'],
];

for (const [path, status, cacheControl] of answers) {
  test(`GET ${path}: ${status} is ${cacheControl}`, async () => {
    const { statusCode, headers } = await app.inject({ url: path, headers: asAlice });
    assert.equal([statusCode, headers['cache-control']], [status, cacheControl]);
  });
}

test('an answer that depends on who asks says so, beside what else it depends on', async () => {
  for (const path of ['', `/${own}`, `/${own}/history`]) {
    const { headers } = await app.inject({ url: `/v1/reservations${path}`, headers: asAlice });
    assert.is(headers['vary'], 'Origin, Authorization, X-Customer-Id', path);
  }
  const { headers } = await app.inject('/v1/shows');
  assert.is(headers['vary'], 'Origin');
});

test('the end of a stream that is over is not kept for the next one', async () => {
  const first = await app.inject({ url: `/v1/reservations/${own}/updates`, headers: asAlice });
  assert.is(first.headers['cache-control'], 'no-store, no-transform');
  const [, version = ''] = /^id: (.*)$/m.exec(first.body) ?? [];
  const over = await app.inject({
    url: `/v1/reservations/${own}/updates`,
    headers: { ...asAlice, 'last-event-id': version },
  });
  assert.equal([over.statusCode, over.headers['cache-control']], [204, 'no-store']);
});
