import { tmpdir } from 'node:os';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { keysOf } from '../../src/log/keys.ts';
import { audit } from '../support/audit.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { openShow, reserve, untilStatus } from '../support/client.ts';
import { type Load, startLoad } from '../support/load.ts';
import { buildNextVersion, type NextVersion, onlyForNext } from '../support/next-version.ts';
import { openRedis } from '../support/open-redis.ts';
import { untilDecided } from '../support/partitions.ts';
import { type Regulars, type Replicas, startRegulars, withReplicas } from '../support/rolling.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('rolling upgrade', { timeoutMs: 150_000 });

const partitions = 8;

let next: NextVersion;
let backends: Backends;

test.before(() => {
  next = buildNextVersion(process.env['ONSALE_TEST_DIR'] ?? tmpdir());
});
test.before.each(async () => {
  backends = await startBackends();
});
test.after.each(() => backends.remove());
test.after(() => next.remove());

interface World {
  readonly api: Replicas;
  readonly projectors: Replicas;
  readonly load: Load;
  /** Requests a place with an entry that only projectors of the next version can read. */
  readonly askWithNews: (wait: number) => Promise<{ readonly id: string; readonly status: unknown }>;
}

/** Two API processes and a projector under steady load; clients must notice nothing of the upgrade. */
const unnoticed = (upgrade: (world: World) => Promise<void>): Promise<void> => {
  const options = { ...backends.urls, env: { ONSALE_PARTITIONS: String(partitions) } };
  return withReplicas(1, { ...options, roles: ['projector'] }, (projectors) =>
    withReplicas(2, { ...options, roles: ['command', 'query'] }, async (api) => {
      await underLoad({ api, projectors }, upgrade);
      for (const { log } of api.started) assert.ok(log.length < 20, `a line per request: ${log.join('\n')}`);
    }),
  );
};

const underLoad = async (
  { api, projectors }: Pick<World, 'api' | 'projectors'>,
  upgrade: (world: World) => Promise<void>,
): Promise<void> => {
  const show = (stalls: number, partition: number): Promise<string> =>
    openShow(api.url(), { stalls }, { partition });
  const [large, scarce, forRegulars, forNews] = await Promise.all([
    show(1_000_000, 5),
    show(51, 2),
    show(1_000, 1),
    show(10, 7),
  ]);
  const load = startLoad({ api: api.url, shows: [large, large, scarce], workers: 4 });
  const regulars = startRegulars(api.url, forRegulars);
  const news: string[] = [];
  const askWithNews: World['askWithNews'] = async (wait) => {
    const wish = { customer: 'zoe', showId: forNews, quantity: 1, reference: onlyForNext, wait };
    const { body } = await reserve(api.url(), wish);
    news.push(String(body['id']));
    return { id: String(body['id']), status: body['status'] };
  };
  try {
    await load.accepts(100);
    await upgrade({ api, projectors, load, askWithNews });
  } finally {
    await Promise.all([load.stop(), regulars.stop()]);
  }
  await everybodyServed(load, regulars, news);
};

const everybodyServed = async (
  { report }: Load,
  regulars: Regulars,
  news: readonly string[],
): Promise<void> => {
  assert.equal([report.odd, report.unknown, regulars.odd], [[], [], []]);
  assert.equal([...report.refused.keys()], ['sold-out']);
  assert.ok(regulars.ids.length > 0);
  await untilDecided(backends.urls);
  const accepted = [...report.accepted.map(({ id }) => id), ...regulars.ids, ...news];
  const found = await audit({ ...backends.urls, accepted });
  keptPromises(found);
  assert.is(found.parked, 0);
  assert.equal([...(await versionsOnStreams())].sort(), ['1', '3', '3/1']);
};

const versionsOnStreams = async (): Promise<ReadonlySet<string>> => {
  const redis = await openRedis(backends.redis.url);
  try {
    const versions = new Set<string>();
    for (let partition = 0; partition < partitions; partition += 1)
      for (const [, fields] of await redis.xrange(keysOf(partition).requests, '-', '+'))
        versions.add(fields[1] ?? '');
    return versions;
  } finally {
    redis.disconnect();
  }
};

/** An entry of the present API is decided at once by the present projectors. */
const decidesAtOnce = async ({ api }: World): Promise<void> => {
  const showId = await openShow(api.url(), { stalls: 10 });
  const answer = await reserve(api.url(), { customer: 'eve', showId, quantity: 1, wait: 30 });
  assert.is(answer.status, 201, JSON.stringify(answer.body));
};

test('projectors first, then the API: nothing parked, nothing lost, no 5xx, and nothing ever waits', () =>
  unnoticed(async (world) => {
    const { api, projectors, load, askWithNews } = world;
    await projectors.replace(next, load);
    await decidesAtOnce(world);
    await api.replace(next, load);
    assert.is((await askWithNews(20)).status, 'confirmed');
  }));

test('the API first, then projectors: what only adds is decided meanwhile, and what cannot be read waits', () =>
  unnoticed(async (world) => {
    const { api, projectors, load, askWithNews } = world;
    await api.replace(next, load);
    await decidesAtOnce(world);
    const asked = await askWithNews(1);
    assert.is(asked.status, 'pending');
    const old = [...projectors.inService];
    const isSaid = (): boolean =>
      old.some(({ log }) => log.some((line) => line.includes('codec version 3: upgrade projectors first')));
    assert.ok(await waitUntil(isSaid, { limitMs: 20_000 }));
    await decidesAtOnce(world);
    await projectors.replace(next, load);
    await untilStatus(api.url(), asked.id, { customer: 'zoe', status: 'confirmed' });
  }));
