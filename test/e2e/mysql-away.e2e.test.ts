import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Answer, call, getReservation, openShow, reserve } from '../support/client.ts';
import { type Onsale, runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { sellWhile, type World } from '../support/sale.ts';
import { type OwnServer, startOwnMariadb, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const partitions = 8;
// While nothing is decided the wait is an estimate, and on a very busy machine it may be a minute. Here only
// the number of entries limits the queue, because this test is about MySQL alone.
const env = { ONSALE_PARTITIONS: String(partitions), ONSALE_BACKLOG_WAIT_SECONDS_MAX: '86400' };

const test = suite('MySQL away', { timeoutMs: 90_000 });

let redis: OwnServer;
let mariadb: OwnServer;
let command: Onsale;
let query: Onsale;
let projector: Onsale;
let world: World;

test.before(async () => {
  [redis, mariadb] = await Promise.all([startOwnRedis(), startOwnMariadb()]);
  const urls = { redisUrl: redis.url, databaseUrl: mariadb.url };
  const migrated = await runOnsale(['migrate'], { DATABASE_URL: mariadb.url, ONSALE_ID_KEYS: testIdKey });
  assert.is(migrated.code, 0, migrated.output);
  [command, query, projector] = await Promise.all([
    startOnsale({ roles: ['command'], ...urls, env }),
    startOnsale({ roles: ['query'], ...urls, env }),
    startOnsale({ roles: ['projector'], ...urls, env }),
  ]);
  world = { ...urls, partitions, api: { command: command.url, query: query.url } };
});

test.after(async () => {
  await Promise.all([command, query, projector].map((process) => process?.stop()));
  await Promise.all([redis, mariadb].map((server) => server?.remove()));
});

const readiness = async ({ opsUrl }: Onsale): Promise<number> => (await call(`${opsUrl}/readyz`)).status;

const isUnavailable = ({ status, headers, body }: Answer): void => {
  assert.is(status, 503, JSON.stringify(body));
  assert.match(headers.get('content-type') ?? '', 'application/problem+json');
  assert.is(body['code'], 'overloaded');
  assert.ok(Number(headers.get('retry-after')) >= 1);
};

interface Outage {
  readonly name: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const outages: readonly Outage[] = [
  { name: 'killed', begin: () => mariadb.kill('SIGKILL'), end: () => mariadb.restart() },
  { name: 'frozen', begin: () => mariadb.kill('SIGSTOP'), end: () => mariadb.kill('SIGCONT') },
];

for (const { name, begin, end } of outages) {
  test(`MySQL ${name} under load: requests are taken on, reads say 503, and all is decided afterwards`, async () => {
    const { refused } = await sellWhile(world, async ({ hot, load }) => {
      const customer = 'reader';
      const before = await reserve(command.url, { customer, showId: hot, quantity: 1, wait: 30 });
      await begin();
      await load.accepts(150);
      assert.is(await readiness(command), 200, 'commands need no MySQL');
      assert.ok(await waitUntil(async () => (await readiness(query)) === 503, { limitMs: 15_000 }));
      isUnavailable(await getReservation(query.url, String(before.body['id']), customer));
      isUnavailable(await call(`${query.url}/v1/shows/${hot}`));
      isUnavailable(await call(`${query.url}/v1/reservations`, { customer }));
      await end();
      assert.ok(await waitUntil(async () => (await readiness(query)) === 200, { limitMs: 15_000 }));
    });
    assert.is(refused.get('overloaded'), undefined, 'no request was refused for the sake of MySQL');
  });
}

test('a wait for the decision that MySQL keeps from being made is answered 202, and decided later', async () => {
  const customer = 'patient';
  const showId = await openShow(command.url, { stalls: 5 });
  await mariadb.kill('SIGKILL');
  const pending = await reserve(command.url, { customer, showId, quantity: 2, wait: 1 });
  assert.is(pending.status, 202);
  assert.is(pending.headers.get('preference-applied'), 'wait=1');
  await mariadb.restart();
  const id = String(pending.body['id']);
  const isConfirmed = async (): Promise<boolean> => {
    const { body } = await getReservation(query.url, id, customer);
    return body['status'] === 'confirmed';
  };
  assert.ok(await waitUntil(isConfirmed, { limitMs: 15_000 }));
});
