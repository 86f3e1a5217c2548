import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { freePort } from '../../infra/local/free-port.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { call, openShow, reserve } from '../support/client.ts';
import { runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { keysLike, openRedis } from '../support/open-redis.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a process warms up before it is ready', { timeoutMs: 60_000 });

const roles = ['command', 'query', 'projector'] as const;
let backends: Backends;

test.before(async () => {
  backends = await startBackends();
});

test.after(() => backends.remove());

/** Everything that traces and limits can show. */
const watched = {
  ONSALE_WARM_UP_MS: '3000',
  ONSALE_TRACES_VIEWED: '100',
  OTEL_TRACES_SAMPLER: 'parentbased_always_on',
  ONSALE_RATE_LIMIT_ADDRESS: '1:1000',
};

test('meanwhile it is alive and not ready, and it says what it does', async () => {
  const opsPort = await freePort();
  const states = new Set<string>();
  const starting = startOnsale({ roles, ...backends.urls, opsPort, env: watched });
  const isReady = async (): Promise<boolean> => {
    const probe = await call(`http://127.0.0.1:${opsPort}/readyz`).catch(() => undefined);
    const alive = probe && (await call(`http://127.0.0.1:${opsPort}/livez`));
    if (!probe) return false;
    const { process } = parseDetails(probe.body['details']);
    states.add(`${process ?? 'open'}: ready ${probe.status}, alive ${alive?.status}`);
    return probe.status === 200;
  };
  await waitUntil(isReady, { limitMs: 40_000, everyMs: 5 });
  const onsale = await starting;
  await onsale.stop();
  const messages = onsale.log.map(messageOf);
  assert.ok(states.has('warming up: ready 503, alive 200'), [...states].join());
  assert.ok(messages.indexOf('warmed up') >= 0, messages.join());
  for (const later of ['partition taken over', 'ready'])
    assert.ok(messages.indexOf(later) > messages.indexOf('warmed up'), messages.join());
});

const parseDetails = (details: unknown) => details as { readonly process?: string };
const messageOf = (line: string): string => /"msg":"([^"]*)"/.exec(line)?.[1] ?? line;

const tables = ['journal', 'reservations', 'shows', 'request_keys', 'parked', 'holds'];

test('nothing of it is left: no entry, key, row, count, trace or line', async () => {
  const redis = await openRedis(backends.urls.redisUrl);
  const database = await createConnection(backends.urls.databaseUrl);
  const onsale = await startOnsale({ roles, ...backends.urls, env: watched });
  try {
    const scraped = String((await call(`${onsale.opsUrl}/metrics`)).body['text']);
    const traces = await call(`${onsale.opsUrl}/traces.json`);
    const lengths = await Promise.all((await keysLike(redis, '*:requests')).map((key) => redis.xlen(key)));
    const counts = await Promise.all(
      tables.map(async (table) => {
        const [rows] = await database.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${table}`);
        return Number(rows[0]?.['n']);
      }),
    );
    assert.equal(
      scraped.split('\n').filter((line) => isCounted(line)),
      [],
    );
    assert.equal(traces.body, []);
    assert.equal([...new Set([...lengths, ...counts])], [0]);
    const said = onsale.log.map(messageOf).filter((message) => message !== 'partition taken over');
    assert.equal(said, ['warmed up', 'took leases', 'ready']);
    // The address has all of its allowance, and what follows works.
    const showId = await openShow(onsale.url, { stalls: 10 });
    const answer = await reserve(onsale.url, { customer: 'alice', showId, quantity: 1, wait: 30 });
    assert.is(answer.status, 201);
    assert.match(answer.headers.get('ratelimit') ?? '', /r=99\d;/);
  } finally {
    await onsale.stop();
    await database.end();
    redis.disconnect();
  }
});

/** A sample above zero of what counts requests, appends, decisions or batches. */
const isCounted = (line: string): boolean =>
  /^(http_server_request_duration|onsale_(stage_duration|appends|decisions|batch_size|commit|door_refusals|parkings))/.test(
    line,
  ) &&
  / (?!0(\.0+)?$)[\d.]+$/.test(line) &&
  !/route="\/(metrics|readyz|livez)/.test(line);

test('SIGTERM ends it at once', async () => {
  const env = {
    REDIS_URL: backends.urls.redisUrl,
    DATABASE_URL: backends.urls.databaseUrl,
    ONSALE_ID_KEYS: testIdKey,
    PORT: String(await freePort()),
    OPS_PORT: String(await freePort()),
    LOG_LEVEL: 'debug',
    ONSALE_WARM_UP_MS: '60000',
  };
  let isStopped = false;
  const { code, output } = await runOnsale(['serve', ...roles], env, (text, child) => {
    if (!isStopped && text.includes('"warming up"')) isStopped = child.kill('SIGTERM');
  });
  assert.is(code, 0);
  assert.ok(isStopped && output.includes('"stopped"'), output);
  for (const later of ['"warmed up"', '"ready"', 'could not warm up'])
    assert.not.ok(output.includes(later), output);
});
