import { waitUntil } from '../../infra/local/wait-until.ts';
import { parseCustomerId } from '../../src/domain/ids.ts';
import { newReservationIds } from '../../src/http/identity/reservation-ids.ts';
import { audit } from '../support/audit.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { type Answer, call, getReservation, openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { keptPromises, sellWhile, type World } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const partitions = 8;
// Nothing is queued there, so an id without a row is certainly unknown.
const quietPartition = 0;
const env = { ONSALE_PARTITIONS: String(partitions) };

const test = suite('Redis away', { timeoutMs: 90_000 });

let backends: Backends;
let api: Onsale;
let projector: Onsale;
let world: World;

const startProjector = (): Promise<Onsale> => startOnsale({ roles: ['projector'], ...backends.urls, env });

test.before(async () => {
  backends = await startBackends();
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls, env });
  projector = await startProjector();
  world = { ...backends.urls, partitions, api: { command: api.url, query: api.url } };
});

test.after(async () => {
  await Promise.all([api, projector].map((process) => process?.stop()));
  await backends.remove();
});

/** An id that could have been given to this customer but never was. */
const unusedId = (customer: string): string => {
  const customerId = parseCustomerId(customer);
  if (customerId === undefined) throw new Error(`not a customer id: ${customer}`);
  const ids = newReservationIds({ keys: [testIdKey], nowMs: Date.now, random: Math.random });
  return ids.mint(quietPartition, customerId);
};

const isUnavailable = ({ status, headers, body }: Answer, codes: readonly string[]): void => {
  assert.is(status, 503, JSON.stringify(body));
  assert.match(headers.get('content-type') ?? '', 'application/problem+json');
  assert.ok(codes.includes(String(body['code'])), JSON.stringify(body));
  assert.is(body['code'] === 'outcome-unknown', body['instance'] !== undefined);
  assert.ok(Number(headers.get('retry-after')) >= 1);
};

test('Redis killed under load and started again: POST says 503, reads go on, and nothing accepted is lost', async () => {
  await sellWhile(world, async ({ hot, load }) => {
    const customer = 'reader';
    const decided = await reserve(api.url, { customer, showId: hot, quantity: 1, wait: 30 });
    const unused = unusedId(customer);
    assert.is((await getReservation(api.url, unused, customer)).status, 404);
    await backends.redis.kill('SIGKILL');
    await load.isRefused('overloaded', 20);
    const refused = await reserve(api.url, { customer, showId: hot, quantity: 1, wait: 1 });
    isUnavailable(refused, ['overloaded', 'outcome-unknown']);
    assert.is((await getReservation(api.url, String(decided.body['id']), customer)).status, 200);
    assert.is((await call(`${api.url}/v1/shows/${hot}`)).status, 200);
    isUnavailable(await getReservation(api.url, unused, customer), ['overloaded']);
    const readiness = (what: string): Promise<Answer> => call(`${api.opsUrl}/readyz${what}`);
    const { status, body } = await readiness('');
    assert.equal([status, body['status']], [200, 'degraded'], 'reads go on');
    assert.equal(body['roles'], { command: 'not-ready', query: 'degraded' });
    assert.is((await readiness('?role=query')).status, 200);
    assert.is((await readiness('?role=command')).status, 503);
    await backends.redis.restart();
    const isReady = async (): Promise<boolean> => (await readiness('?role=command')).status === 200;
    assert.ok(await waitUntil(isReady, { limitMs: 15_000 }));
    assert.is((await getReservation(api.url, unused, customer)).status, 404);
  });
});

test('Redis frozen: the outcome is unknown and says where to look; once it is back one can see', async () => {
  const customer = 'unsure';
  const showId = await openShow(api.url, { stalls: 10 });
  await backends.redis.kill('SIGSTOP');
  const asked = await reserve(api.url, { customer, showId, quantity: 1 });
  await backends.redis.kill('SIGCONT');
  isUnavailable(asked, ['outcome-unknown']);
  const instance = String(asked.body['instance']);
  const isKnown = async (): Promise<boolean> => {
    const { status, body } = await call(`${api.url}${instance}`, { customer });
    return status === 404 || (status === 200 && body['status'] === 'confirmed');
  };
  assert.ok(await waitUntil(isKnown, { limitMs: 15_000 }));
  await untilDecided(world);
  keptPromises(await audit(world));
});

test('what is accepted and undecided when Redis dies is 503, never 404, and decided once Redis is back', async () => {
  const showId = await openShow(api.url, { stalls: 10 });
  await projector.stop();
  const customers = Array.from({ length: 20 }, (_, n) => `early-${n}`);
  const queued = await Promise.all(
    customers.map(async (customer) => {
      const { status, body } = await reserve(api.url, { customer, showId, quantity: 1 });
      assert.is(status, 202, JSON.stringify(body));
      return { customer, id: String(body['id']) };
    }),
  );
  await backends.redis.kill('SIGKILL');
  for (const { customer, id } of queued)
    isUnavailable(await getReservation(api.url, id, customer), ['overloaded']);
  await backends.redis.restart();
  projector = await startProjector();
  await untilDecided(world);
  const it = await audit({ ...world, accepted: queued.map(({ id }) => id) });
  keptPromises(it);
  assert.is(new Map<string, number>(it.confirmedByShow).get(showId), 10);
});
