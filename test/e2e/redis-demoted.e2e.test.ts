import { waitUntil } from '../../infra/local/wait-until.ts';
import { type RedisPair, startRedisPair, withRedis } from '../chaos/redis-pair.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { call, getReservation, openShow, reserve } from '../support/client.ts';
import { listen } from '../support/event-stream.ts';
import { type Onsale, runOnsale, startOnsale } from '../support/onsale.ts';
import { sellWhile, type World } from '../support/sale.ts';
import type { OwnServer } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const partitions = 8;
const env = { ONSALE_PARTITIONS: String(partitions) };
const againMs = 5_000;

const test = suite('Redis demoted, and alive', { timeoutMs: 90_000 });

let pair: RedisPair;
let backends: Backends;
let api: Onsale;
let query: Onsale;
let projector: Onsale;
let world: World;

test.before(async () => {
  pair = await startRedisPair();
  const behindWire = { ...pair.master(), url: pair.proxy.url, remove: () => pair.remove() };
  backends = await startBackends(async () => behindWire);
  api = await startOnsale({ roles: ['command'], ...backends.urls, env });
  query = await startOnsale({ roles: ['query'], ...backends.urls, env });
  projector = await startOnsale({ roles: ['projector'], ...backends.urls, env });
  const { databaseUrl } = backends.urls;
  world = {
    databaseUrl,
    get redisUrl() {
      return pair.master().url;
    },
    partitions,
    api: { command: api.url, query: query.url },
  };
});

test.after(async () => {
  await Promise.all([api, query, projector].map((process) => process?.stop()));
  await backends?.remove();
});

/** The kinds of connections from our processes to a server. */
const kindsOn = (server: OwnServer): Promise<ReadonlySet<string>> =>
  withRedis(server, async (redis) => {
    const clients = String(await redis.client('LIST'));
    return new Set([...clients.matchAll(/name=onsale-\S+-(\w+) /g)].map(([, kind = '']) => kind));
  });

const readiness = async ({ opsUrl }: Onsale) => {
  const { status, body } = await call(`${opsUrl}/readyz`);
  return { status, text: JSON.stringify(body) };
};

test('a planned fail-over: everybody goes to the new primary, within 5 s, and nothing is lost', async () => {
  await sellWhile(world, async ({ hot, load }) => {
    const old = pair.master();
    const customer = 'watcher';
    const { body } = await reserve(api.url, { customer, showId: hot, quantity: 1, wait: 30 });
    const watching = await listen(`${query.url}/v1/shows/${hot}/updates`);
    await watching.hears('the show as it is', () => true);
    await pair.changeSides();
    const [before, heard] = [load.report.accepted.length, watching.events.length];
    const isAccepted = (): boolean => load.report.accepted.length >= before + 20;
    assert.ok(await waitUntil(isAccepted, { limitMs: againMs }), 'nothing is accepted');
    const last = load.report.accepted[before + 10];
    const isDecided = async (): Promise<boolean> =>
      (await getReservation(query.url, last?.id ?? '', last?.customer ?? '')).body['status'] !== 'pending';
    assert.ok(await waitUntil(isDecided, { limitMs: againMs }), 'nothing is decided');
    const waited = await reserve(api.url, { customer, showId: hot, quantity: 1, wait: 30 });
    assert.is(waited.status, 201, JSON.stringify(waited.body));
    // A process that only reads gets no refusal; it relies on its check every 5 s.
    const isLeft = async (): Promise<boolean> => (await kindsOn(old)).size === 0;
    assert.ok(await waitUntil(isLeft, { limitMs: 8_000 }), 'somebody stayed on the demoted server');
    assert.equal(await kindsOn(pair.master()), new Set(['control', 'producer', 'subscriber', 'blocking']));
    assert.ok(
      await waitUntil(() => watching.events.length > heard, { limitMs: againMs }),
      'the stream is silent',
    );
    watching.close();
    assert.is((await getReservation(query.url, String(body['id']), customer)).status, 200);
  });
  assert.ok(
    api.log.some((line) => /READONLY/.test(line) && /appends are refused/.test(line)),
    'refused appends are not logged',
  );
  await pair.rejoin();
});

test('while the name leads to a replica, readyz, doctor and inspect say so with the cure', async () => {
  const showId = await openShow(api.url, { stalls: 10 });
  await pair.changeSides(async () => {
    const says = /role: replica — this process needs the primary/;
    for (const process of [api, query, projector]) {
      const isSaid = async (): Promise<boolean> => says.test((await readiness(process)).text);
      assert.ok(await waitUntil(isSaid, { limitMs: 8_000 }), (await readiness(process)).text);
      // Reads continue.
      assert.is((await readiness(process)).status, process === query ? 200 : 503);
    }
    const refused = await reserve(api.url, { customer: 'early', showId, quantity: 1 });
    assert.is(refused.status, 503);
    assert.is(refused.body['code'], 'overloaded');
    const urls = { REDIS_URL: backends.urls.redisUrl, DATABASE_URL: backends.urls.databaseUrl };
    const doctor = await runOnsale(['doctor'], { ...urls, ...env });
    assert.match(
      doctor.output,
      /unmet +redis-role: replica, wanted primary\n(?:.*\n)*? +cure: .*REPLICAOF NO ONE/,
    );
    assert.is(doctor.code, 3);
    const inspect = await runOnsale(['inspect'], { ...urls, ...env });
    assert.match(inspect.output, /role replica/);
    assert.match(inspect.output, says);
  });
  const isReady = async (): Promise<boolean> =>
    (await Promise.all([api, query, projector].map(readiness))).every(({ text }) =>
      /"status":"ok"/.test(text),
    );
  assert.ok(await waitUntil(isReady, { limitMs: 8_000 }));
  const sold = await reserve(api.url, { customer: 'late', showId, quantity: 1, wait: 30 });
  assert.is(sold.status, 201, projector.log.slice(-30).join('\n'));
});
