import { parseShowId, partitionOf } from '../../src/domain/ids.ts';
import { group, keysOf } from '../../src/log/keys.ts';
import { audit } from '../support/audit.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { getReservation, openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { keysLike, openRedis, type RedisClient, removeKeys } from '../support/open-redis.ts';
import { untilDecided } from '../support/partitions.ts';
import { hotPartition, keptPromises, sellWhile, type World } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const partitions = 8;
const env = { ONSALE_PARTITIONS: String(partitions), ONSALE_LEASE_TTL_MS: '1000' };

const test = suite('a stream that was tampered with', { timeoutMs: 60_000 });

let backends: Backends;
let api: Onsale;
let projector: Onsale;
let redis: RedisClient;
let world: World;

const startProjector = (): Promise<Onsale> => startOnsale({ roles: ['projector'], ...backends.urls, env });

test.before(async () => {
  backends = await startBackends();
  redis = await openRedis(backends.redis.url);
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls, env });
  projector = await startProjector();
  world = { ...backends.urls, partitions, api: { command: api.url, query: api.url } };
});

test.after(async () => {
  await Promise.all([api, projector].map((process) => process?.stop()));
  redis?.disconnect();
  await backends.remove();
});

const hotStream = keysOf(hotPartition).requests;

/** The group's state in Redis for the hot stream: what it has read, and what it has not. */
const groupOfHotStream = async (): Promise<ReadonlyMap<unknown, unknown>> => {
  const [flat] = await redis.xinfo('GROUPS', hotStream).then(parseGroups);
  const fields = new Map<unknown, unknown>();
  for (let at = 0; flat !== undefined && at + 1 < flat.length; at += 2) fields.set(flat[at], flat[at + 1]);
  return fields;
};

const parseGroups = (reply: unknown): unknown[][] => reply as unknown[][];

const nothingIsLeftToRead = async (): Promise<void> => {
  const fields = await groupOfHotStream();
  assert.is(fields.get('name'), group);
  assert.is(fields.get('lag'), 0);
};

const destroyGroups = async (): Promise<void> => {
  for (let partition = 0; partition < partitions; partition++)
    await redis.xgroup('DESTROY', keysOf(partition).requests, group).catch(() => 0);
};

test('the consumer group destroyed again and again under load: made anew where reading was, nothing lost', async () => {
  await sellWhile(world, async ({ load }) => {
    for (let times = 0; times < 5; times++) {
      await destroyGroups();
      await load.accepts(30);
    }
  });
  await nothingIsLeftToRead();
});

test('everything in Redis but the streams deleted under load: leases, boards, groups, settings; nothing lost', async () => {
  await sellWhile(world, async () => {
    const streams = new Set(Array.from({ length: partitions }, (_, partition) => keysOf(partition).requests));
    const rest = (await keysLike(redis, '*')).filter((key) => !streams.has(key));
    assert.ok(rest.length > 0);
    await removeKeys(redis, rest);
    await destroyGroups();
  });
  await nothingIsLeftToRead();
});

/** Appends the entries of a show again, byte for byte. */
const appendAgain = async (showId: string): Promise<number> => {
  const show = parseShowId(showId);
  if (show === undefined) throw new Error(`not a show: ${showId}`);
  const key = keysOf(partitionOf(show)).requests;
  const entries = await redis.xrangeBuffer(key, '-', '+');
  const own = entries.filter(([, fields]) => fields.some((field) => field.includes(showId)));
  for (const [, fields] of own) await redis.xadd(key, '*', ...fields);
  return own.length;
};

const placesOf = async (showId: string): Promise<number | undefined> => {
  await untilDecided(world);
  const it = await audit(world);
  keptPromises(it);
  return new Map<string, number>(it.confirmedByShow).get(showId);
};

test('an entry appended twice, before or after its decision, is decided once and takes places once', async () => {
  const showId = await openShow(api.url, { stalls: 100 });
  await projector.stop();
  const [first] = await Promise.all(
    ['ann', 'bob'].map((customer) => reserve(api.url, { customer, showId, quantity: 3 })),
  );
  assert.is(await appendAgain(showId), 3, 'the opening of the show and two reservations');
  projector = await startProjector();
  assert.is(await placesOf(showId), 6);
  assert.is(await appendAgain(showId), 6);
  assert.is(await placesOf(showId), 6);
  const seen = await getReservation(api.url, String(first?.body['id']), 'ann');
  assert.is(seen.body['status'], 'confirmed');
});
