import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Answer, type Call, call, getReservation, openShow, reserve } from '../support/client.ts';
import { type Onsale, type Role, runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { type OwnServer, startOwnMariadb, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('behind a balancer', { timeoutMs: 120_000 });

const env = {
  ONSALE_PARTITIONS: '8',
  // While nothing is decided the wait is an estimate; on a very busy machine it may be long.
  ONSALE_BACKLOG_WAIT_SECONDS_MAX: '86400',
};

let redis: OwnServer;
let mariadb: OwnServer;
let apis: readonly Onsale[] = [];
let projector: Onsale;
/** All roles in one process, as the README allows. */
let whole: Onsale;
let showId: string;

const start = (...roles: readonly Role[]): Promise<Onsale> =>
  startOnsale({ roles, redisUrl: redis.url, databaseUrl: mariadb.url, env });

test.before(async () => {
  [redis, mariadb] = await Promise.all([startOwnRedis(), startOwnMariadb()]);
  const migrated = await runOnsale(['migrate'], { DATABASE_URL: mariadb.url, ONSALE_ID_KEYS: testIdKey });
  assert.is(migrated.code, 0, migrated.output);
  const [first, second, ...others] = await Promise.all([
    start('command', 'query'),
    start('command', 'query'),
    start('projector'),
    start('command', 'query', 'projector'),
  ]);
  apis = [first, second];
  [projector, whole] = others;
  showId = await openShow(apis[0]?.url ?? '', { stalls: 1_000 });
});

test.after(async () => {
  await Promise.all([...apis, projector, whole].map((process) => process?.stop()));
  await Promise.all([redis, mariadb].map((server) => server?.remove()));
});

/**
 * As balancers do, sends requests only to a backend whose health check answers 200. Without any such backend
 * a balancer answers by itself; here that is undefined, and the client learns nothing about what to do.
 */
const balancer =
  (servers: readonly Onsale[], probe = '/readyz') =>
  async (send: (url: string) => Promise<Answer>): Promise<Answer | undefined> => {
    const checked = await Promise.all(
      servers.map(async ({ url }) => ({ url, status: (await call(`${url}${probe}`)).status })),
    );
    const [first] = checked.filter(({ status }) => status === 200);
    return first && (await send(first.url));
  };

const statesOf = async ({ opsUrl }: Onsale): Promise<unknown> =>
  (await call(`${opsUrl}/readyz`)).body['roles'];

const untilStates = async (server: Onsale, wanted: Readonly<Record<string, string>>): Promise<void> => {
  const text = JSON.stringify(wanted);
  const isSo = async (): Promise<boolean> => JSON.stringify(await statesOf(server)) === text;
  assert.ok(
    await waitUntil(isSo, { limitMs: 30_000 }),
    JSON.stringify((await call(`${server.opsUrl}/readyz`)).body),
  );
};

const isConfirmed = async (url: string, id: string, customer: string): Promise<boolean> =>
  (await getReservation(url, id, customer)).body['status'] === 'confirmed';

let keys = 0;

/** Requests places, some with a key, and returns the accepted requests. */
const sendCommands = async (through: ReturnType<typeof balancer>): Promise<readonly string[]> => {
  const accepted: string[] = [];
  for (let n = 0; n < 20; n += 1) {
    const headers = n % 2 === 0 ? { 'idempotency-key': `while-away-${++keys}` } : {};
    const lines = [{ poolId: 'stalls', quantity: 1 }];
    const asked: Call = { customer: 'ann', headers, body: { showId, lines } };
    const answer = await through((url) => call(`${url}/v1/reservations`, asked));
    assert.is(answer?.status, 202, answer ? JSON.stringify(answer.body) : 'the balancer has nobody left');
    accepted.push(String(answer?.body['id']));
  }
  return accepted;
};

test('MySQL stopped: the balancer keeps who can take commands, they are accepted, and decided afterwards', async () => {
  const half = { command: 'ok', query: 'not-ready' };
  for (const servers of [apis, [whole]]) {
    await mariadb.stop();
    for (const api of apis) await untilStates(api, half);
    await untilStates(whole, { ...half, projector: 'not-ready' });
    const accepted = await sendCommands(balancer(servers));
    const byRole = await sendCommands(balancer(servers, '/readyz?role=command'));
    const read = await balancer(servers, '/readyz?role=query')((url) => call(`${url}/v1/shows`));
    assert.is(read, undefined, 'whoever balances reads by themselves sees that nobody can answer');
    await mariadb.restart();
    for (const api of apis) await untilStates(api, { command: 'ok', query: 'ok' });
    for (const id of [...accepted, ...byRole])
      assert.ok(await waitUntil(() => isConfirmed(apis[0]?.url ?? '', id, 'ann'), { limitMs: 30_000 }), id);
  }
});

test('Redis killed: the balancer keeps who can answer reads, and commands are told when to come back', async () => {
  const { body } = await reserve(apis[0]?.url ?? '', { customer: 'bob', showId, quantity: 1, wait: 10 });
  await redis.kill('SIGKILL');
  for (const api of apis) await untilStates(api, { command: 'not-ready', query: 'degraded' });
  const through = balancer(apis);
  const show = await through((url) => call(`${url}/v1/shows/${showId}`));
  assert.is(show?.status, 200);
  const mine = await through((url) => getReservation(url, String(body['id']), 'bob'));
  assert.is(mine?.body['status'], 'confirmed');
  const refused = await through((url) => reserve(url, { customer: 'bob', showId, quantity: 1 }));
  assert.equal([refused?.status, refused?.body['code']], [503, 'overloaded']);
  assert.ok(Number(refused?.headers.get('retry-after')) >= 1);
  await redis.restart();
  for (const api of apis) await untilStates(api, { command: 'ok', query: 'ok' });
});

test('on the public port nobody reads where the servers are, and on the ops port operators do', async () => {
  await mariadb.stop();
  const [api] = apis;
  assert.ok(api);
  await untilStates(api, { command: 'ok', query: 'not-ready' });
  const own = await call(`${api.opsUrl}/readyz`);
  assert.match(JSON.stringify(own.body), 'mysql://onsale-api:***@127.0.0.1');
  for (const path of [
    '/readyz',
    '/readyz?role=query',
    '/livez',
    '/v1/shows',
    '/v1/reservations',
    '/metrics',
  ]) {
    const { status, body, headers } = await call(`${api.url}${path}`, { customer: 'ann' });
    const told = JSON.stringify([status, body, headers.get('server'), headers.get('via')]);
    assert.not.match(told, /onsale-api|mysql:|redis:|ECONNREFUSED|127\.0\.0\.1/, path);
  }
  await mariadb.restart();
  await untilStates(api, { command: 'ok', query: 'ok' });
});
