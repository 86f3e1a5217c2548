import { waitUntil } from '../../infra/local/wait-until.ts';
import {
  answeredAs,
  answerMsMax,
  assertAnswers,
  assertStays,
  assertStreamAnswer,
  type Expected,
} from '../support/answers-in-time.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { audit } from '../support/audit.ts';
import { type Answer, type Call, call, openShow, reserve, reserved } from '../support/client.ts';
import { type Onsale, runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { keptPromises } from '../support/sale.ts';
import { type OwnServer, startOwnMariadb, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a server that is frozen', { timeoutMs: 90_000 });

/** An append waits so long for its reply, behind a door that waits for no more than half a second. */
const appendMsMax = 2_500;
/** The shortest wait that a client may ask for: a confirm or a cancel waits for five seconds otherwise. */
const waitSeconds = 1;
const partition = 3;
const path = '/v1/reservations';
const readsMax = 60;
const env = { ONSALE_PARTITIONS: '8', ONSALE_READS_WAITING_MAX: String(readsMax) };

let redis: OwnServer;
let mariadb: OwnServer;
let api: Onsale;
let projector: Onsale;
let urls: { readonly redisUrl: string; readonly databaseUrl: string };

test.before(async () => {
  [redis, mariadb] = await Promise.all([startOwnRedis(), startOwnMariadb()]);
  urls = { redisUrl: redis.url, databaseUrl: mariadb.url };
  const migrated = await runOnsale(['migrate'], { DATABASE_URL: mariadb.url, ONSALE_ID_KEYS: testIdKey });
  assert.is(migrated.code, 0, migrated.output);
  api = await startOnsale({ roles: ['command', 'query'], ...urls, env });
  projector = await startOnsale({ roles: ['projector'], ...urls, env });
});

test.after(async () => {
  await Promise.all([api, projector].map((process) => process?.stop()));
  await Promise.all([redis, mariadb].map((server) => server?.remove()));
});

/** Shows and reservations of one test. */
interface Shop {
  /** Has places left. */
  readonly open: string;
  readonly soldOut: string;
  readonly held: readonly [string, string];
  readonly confirmed: string;
}

const customer = 'carol';

const openShop = async (): Promise<Shop> => {
  const open = await openShow(api.url, { stalls: 1_000 }, { partition });
  const soldOut = await openShow(api.url, { stalls: 1 }, { partition });
  const holding = await openShow(api.url, { stalls: 2 }, { partition, holdSeconds: 600 });
  const take = (showId: string): Promise<string> => reserved(api.url, { customer, showId, quantity: 1 });
  await take(soldOut);
  const confirmed = await take(open);
  return { open, soldOut, held: [await take(holding), await take(holding)], confirmed };
};

/** Until the door itself refuses, which it does from a board that is half a second old at most. */
const untilRefusedAtDoor = async (showId: string): Promise<void> => {
  const isAtDoor = async (): Promise<boolean> => {
    const { status, body } = await reserve(api.url, { customer, showId, quantity: 1 });
    return status === 409 && body['instance'] === undefined;
  };
  assert.ok(await waitUntil(isAtDoor, { limitMs: 15_000 }));
};

let keys = 0;
const newKey = () => {
  keys += 1;
  return { 'idempotency-key': `frozen-${process.pid}-${keys}` };
};

const post = (showId: string, headers: Readonly<Record<string, string>> = {}): Call => ({
  customer,
  body: { showId, lines: [{ poolId: 'stalls', quantity: 1 }] },
  headers,
});

const followUps = ({ held }: Shop, answers: readonly string[], limitMs: number): readonly Expected[] =>
  (['confirm', 'cancel'] as const).map((verb, n) => ({
    name: verb,
    path: `/v1/reservations/${held[n]}/${verb}`,
    call: { method: 'POST', wait: waitSeconds, customer },
    answers,
    limitMs,
  }));

const unknownShow = '01941f29-7000-8003-8123-456789abcdef';

const reads = ({ open, confirmed }: Shop, answers: readonly string[]): readonly Expected[] => [
  { name: 'GET reservation', path: `/v1/reservations/${confirmed}`, call: { customer }, answers },
  {
    name: 'GET reservation, and wait',
    path: `/v1/reservations/${confirmed}`,
    call: { customer, wait: 30 },
    answers,
  },
  { name: 'history', path: `/v1/reservations/${confirmed}/history`, call: { customer }, answers },
  { name: 'list of reservations', path: '/v1/reservations?status=confirmed', call: { customer }, answers },
  { name: 'GET show', path: `/v1/shows/${open}`, answers },
  { name: 'list of shows', path: '/v1/shows', answers },
];

const probes = (query: string, command: string): readonly Expected[] => [
  { name: 'readyz', path: '/readyz', isOps: true, answers: ['200'] },
  { name: 'readyz of query', path: '/readyz?role=query', isOps: true, answers: [query] },
  { name: 'readyz of command', path: '/readyz?role=command', isOps: true, answers: [command] },
];

const assertStreams = async ({ open, held: [id] }: Shop, statuses: readonly number[]): Promise<void> => {
  for (const path of [`/v1/shows/${open}/updates`, `/v1/reservations/${id}/updates`])
    await assertStreamAnswer(api, { path, customer, statuses });
};

/** Works as before: what was accepted is decided, and no promise was broken. */
const assertRecovered = async (accepted: readonly string[]): Promise<void> => {
  const isReady = async (role: string): Promise<boolean> =>
    (await call(`${api.opsUrl}/readyz?role=${role}`)).status === 200;
  const areReady = async (): Promise<boolean> => (await isReady('command')) && (await isReady('query'));
  assert.ok(await waitUntil(areReady, { limitMs: 15_000 }));
  await untilDecided(urls);
  keptPromises(await audit({ ...urls, accepted }));
};

const acceptedIn = (answers: readonly Answer[]): readonly string[] =>
  answers.flatMap(({ status, body }) =>
    status === 202 && body['status'] === 'pending' ? [String(body['id'])] : [],
  );

const metric = async (name: string, label: string): Promise<number> => {
  const text = await (await fetch(`${api.opsUrl}/metrics`)).text();
  const pattern = new RegExp(`^${name}\\{[^}]*"${label}"[^}]*\\} (\\d+)$`, 'm');
  return Number(pattern.exec(text)?.[1] ?? Number.NaN);
};

test('MySQL: reads say 503, the door refuses and accepts as before, all within two seconds', async () => {
  const shop = await openShop();
  const { open, soldOut } = shop;
  const again = newKey();
  const first = await call(`${api.url}${path}`, { customer, ...post(open, again) });
  assert.is(first.status, 202);
  await untilRefusedAtDoor(soldOut);
  await mariadb.kill('SIGSTOP');
  let answers: readonly Answer[] = [];
  try {
    // Asked for several times as long as "full" lasts. A busy machine may miss a renewal: then the decision refuses.
    const atDoor = ['409 sold-out', '202'];
    const asked = { name: 'POST, sold out', path, call: post(soldOut), answers: atDoor };
    const staying = assertStays(api, { ...asked, stays: '409 sold-out', forMs: 3_500 });
    answers = await assertAnswers(api, [
      ...reads(shop, ['503 overloaded']),
      ...probes('503', '200'),
      { name: 'POST, sold out, keyed', path, call: post(soldOut, newKey()), answers: atDoor },
      { name: 'POST, unknown show', path, call: post(unknownShow), answers: ['404 not-found', '202'] },
      { name: 'POST', path, call: post(open), answers: ['202'] },
      { name: 'POST, keyed', path, call: post(open, newKey()), answers: ['202'] },
      { name: 'POST, repeated', path, call: post(open, again), answers: ['202'] },
      ...followUps(shop, ['202'], answerMsMax + waitSeconds * 1_000),
    ]);
    await assertStreams(shop, [503]);
    answers = [...answers, ...(await staying)];
  } finally {
    await mariadb.kill('SIGCONT');
  }
  await assertRecovered(acceptedIn([first, ...answers]));
});

test('MySQL: reads beyond the bound are refused at once, and those given up are not asked for afterwards', async () => {
  const { confirmed } = await openShop();
  const executed = async (): Promise<number> => {
    const [row] = await askMariadb(mariadb, "SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'");
    return Number(row?.['Value']);
  };
  const refusedBefore = await metric('onsale_reads_unanswered_total', 'queue-full');
  const [before, asked] = [await executed(), 600];
  await mariadb.kill('SIGSTOP');
  try {
    const waiting = Array.from({ length: readsMax }, () => call(`${api.url}/v1/reservations`, { customer }));
    const isFull = async (): Promise<boolean> =>
      (await metric('onsale_bound_used', 'waiting_reads')) === readsMax;
    assert.ok(await waitUntil(isFull, { limitMs: 1_000, everyMs: 1 }));
    const beyond = await Promise.race([
      call(`${api.url}/v1/reservations/${confirmed}`, { customer }),
      Promise.any(waiting),
    ]);
    assert.is(answeredAs(beyond), '503 overloaded');
    assert.ok((await metric('onsale_reads_unanswered_total', 'queue-full')) > refusedBefore);
    assert.is(await metric('onsale_bound_limit', 'waiting_reads'), readsMax);
    assert.equal(new Set((await Promise.all(waiting)).map(answeredAs)), new Set(['503 overloaded']));
    for (let n = readsMax; n < asked; n += readsMax)
      await Promise.all(
        Array.from({ length: readsMax }, () => call(`${api.url}/v1/reservations`, { customer })),
      );
    assert.is(await metric('onsale_bound_used', 'waiting_reads'), 0);
  } finally {
    await mariadb.kill('SIGCONT');
  }
  await assertRecovered([]);
  // Those of the pool's sessions that were under way, and what the processes ask for themselves.
  assert.ok((await executed()) - before < asked / 2);
});

test('Redis: what is decided is read, sold out stays 409, an append without a reply is 503 in time', async () => {
  const shop = await openShop();
  const { open, soldOut } = shop;
  const unavailable = ['503 overloaded', '503 outcome-unknown'];
  const appendLimit = { answers: unavailable, limitMs: appendMsMax };
  const round = (atDoor: readonly string[]): readonly Expected[] => [
    ...reads(shop, ['200']),
    ...probes('200', '503'),
    { name: 'POST, sold out', path, call: post(soldOut), answers: atDoor, limitMs: appendMsMax },
    { name: 'POST, sold out, keyed', path, call: post(soldOut, newKey()), answers: ['503 overloaded'] },
    { name: 'POST, unknown show', path, call: post(unknownShow), ...appendLimit },
    { name: 'POST', path, call: post(open), ...appendLimit },
    { name: 'POST, keyed', path, call: post(open, newKey()), ...appendLimit },
    ...followUps(shop, unavailable, appendMsMax),
  ];
  await untilRefusedAtDoor(soldOut);
  // The board stands in for Redis if somebody asked for it in the second before.
  let isFrozen = false;
  const asking = (async () => {
    while (!isFrozen) await call(`${api.url}${path}`, post(soldOut));
  })();
  await redis.kill('SIGSTOP');
  try {
    await assertAnswers(api, round(['409 sold-out']));
    isFrozen = true;
    // By now the connections have been given up; new ones get no answer either.
    await assertAnswers(api, round(['409 sold-out', ...unavailable]));
    await assertStreams(shop, [200, 503]);
  } finally {
    isFrozen = true;
    await redis.kill('SIGCONT');
  }
  await asking;
  await assertRecovered([]);
});
