import { waitUntil } from '../../infra/local/wait-until.ts';
import { keysOf, requestKeyKey } from '../../src/log/keys.ts';
import { assert, suite } from '../support/suite.ts';
import { appendingTo, emptyRedis, isBack, many } from './appending.ts';
import { requestOf } from './requests.ts';

const test = suite('appending with a key, on Redis');
const { requests } = keysOf(0);

const server = emptyRedis(test);
const appending = appendingTo(server);

const claimed = { hash: 'a'.repeat(32), fingerprint: 'b'.repeat(32) };
const claimedName = requestKeyKey(claimed.hash);

test(
  'a claim is written together with its append, and is remembered for a quarter of an hour from the first',
  appending(async ({ appender, proxy }) => {
    // From here on the server has the script.
    await many(appender, 2);
    let packets = 0;
    proxy.treat = () => {
      packets += 1;
      return 'pass';
    };
    const alone = await appender.append(0, requestOf(0, 1), claimed);
    assert.equal([alone.type, packets], ['appended', 1]);
    const ttl = await server.redis.pttl(claimedName);
    assert.ok(ttl > 890_000 && ttl <= 900_000, `${ttl} ms`);
    await server.redis.pexpire(claimedName, 5_000);
    const later = await Promise.all([1, 2].map((n) => appender.append(0, requestOf(0, n), claimed)));
    assert.equal(
      later.map(({ type }) => type),
      ['appended', 'taken'],
    );
    assert.is(packets, 2);
    assert.ok((await server.redis.pttl(claimedName)) <= 5_000, 'a retry made it young again');
  }),
);

test(
  'a key that cannot be claimed is one refused append, and the others are made',
  appending(async ({ appender }) => {
    await server.redis.lpush(claimedName, 'no text');
    const broken = { ...claimed, hash: 'c'.repeat(32) };
    await server.redis.set(requestKeyKey(broken.hash), 'nobody');
    const verdicts = await Promise.all([
      appender.append(0, requestOf(0, 1)),
      appender.append(0, requestOf(0, 2), claimed),
      appender.append(0, requestOf(0, 3), broken),
      appender.append(0, requestOf(0, 4)),
    ]);
    assert.equal(
      verdicts.map(({ type }) => type),
      ['appended', 'refused', 'refused', 'appended'],
    );
    assert.match(JSON.stringify(verdicts[1]), 'WRONGTYPE');
    assert.match(JSON.stringify(verdicts[2]), 'owner of a key');
    assert.is(await server.redis.xlen(requests), 2);
  }),
);

test(
  'a full Redis takes neither the key nor the request',
  appending(async ({ appender }) => {
    await many(appender, 2);
    await server.redis.config('SET', 'maxmemory', '1');
    try {
      assert.is((await appender.append(0, requestOf(0, 3), claimed)).type, 'refused');
    } finally {
      await server.redis.config('SET', 'maxmemory', '0');
    }
    assert.equal([await server.redis.exists(claimedName), await server.redis.xlen(requests)], [0, 2]);
  }),
);

test(
  'a claim whose reply is lost is unknown; whoever comes with the key again is told whose it is',
  appending(async ({ appender, proxy, producer }) => {
    await many(appender, 2);
    proxy.swallowReplies();
    const lost = appender.append(0, requestOf(0, 3), claimed);
    assert.ok(await waitUntil(async () => (await server.redis.xlen(requests)) === 3, { limitMs: 5_000 }));
    proxy.passReplies();
    proxy.cut();
    assert.is((await lost).type, 'unknown');
    assert.ok(await isBack(producer));
    const owner = { requestId: requestOf(0, 3).reservationId, fingerprint: claimed.fingerprint };
    assert.equal(await appender.append(0, requestOf(0, 4), claimed), { type: 'taken', owner });
  }),
);
