import { Redis } from 'ioredis';
import { waitUntil } from '../../../infra/local/wait-until.ts';
import { sendAppends } from '../../../src/log/append/send-appends.ts';
import { closeConnection, connect } from '../../../src/log/connection/connect.ts';
import { keysOf } from '../../../src/log/keys.ts';
import { encodeEntry } from '../../../src/log/wire/codec.ts';
import { appendedOnBoth, unknownWithoutReplica } from '../../contract/log-replicated.contract.ts';
import { startOwnRedis } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';
import { appendingTo, emptyRedis, isBack, many } from '../appending.ts';
import { silent } from '../redis-log-world.ts';
import { requestOf } from '../requests.ts';

const test = suite('appending on Redis');
const { requests } = keysOf(0);

const server = emptyRedis(test);
const appending = appendingTo(server);

test(
  'a reply that is lost is unknown, and leaves one entry however the connection comes back',
  appending(async ({ appender, proxy, producer }) => {
    proxy.swallowReplies();
    const lost = appender.append(0, requestOf(0, 1));
    assert.ok(await waitUntil(async () => (await server.redis.xlen(requests)) === 1, { limitMs: 5_000 }));
    proxy.passReplies();
    proxy.cut();
    assert.is((await lost).type, 'unknown');
    assert.ok(await isBack(producer));
    assert.is((await appender.append(0, requestOf(0, 2))).type, 'appended');
    assert.is(await server.redis.xlen(requests), 2);
  }),
);

test(
  'a reply that never comes is unknown, and its connection is not trusted any more',
  appending(async ({ appender, proxy, producer }) => {
    proxy.swallowReplies();
    assert.is((await appender.append(0, requestOf(0, 1))).type, 'unknown');
    // The server does not reply to an open command, so a second later the connection is dropped.
    assert.ok(await waitUntil(() => producer.status !== 'ready', { limitMs: 5_000 }));
    proxy.passReplies();
    assert.ok(await isBack(producer));
    assert.is((await appender.append(0, requestOf(0, 2))).type, 'appended');
    assert.is(await server.redis.xlen(requests), 2);
  }),
);

test(
  'without a connection an append is refused at once and never sent later',
  appending(async ({ appender, proxy, producer }) => {
    proxy.refuse();
    proxy.cut();
    assert.ok(await waitUntil(() => producer.status !== 'ready', { limitMs: 5_000 }));
    const verdicts = await many(appender, 10);
    assert.ok(verdicts.every(({ type }) => type === 'refused'));
    proxy.accept();
    assert.ok(await isBack(producer));
    await producer.ping();
    assert.is(await server.redis.xlen(requests), 0);
  }),
);

test(
  'appends of one turn are written together',
  appending(async ({ appender, proxy }) => {
    // From here on the server has the script.
    await many(appender, 2);
    let packets = 0;
    proxy.treat = () => {
      packets += 1;
      return 'pass';
    };
    const verdicts = await many(appender, 50);
    assert.ok(verdicts.every(({ type }) => type === 'appended'));
    assert.is(packets, 1);
  }),
);

test(
  'a request that cannot be written down takes no room',
  appending(
    async ({ appender }) => {
      const unwritable = {
        ...requestOf(0, 1),
        get customerId(): never {
          throw new Error('a bug');
        },
      };
      const append = async () => await appender.append(0, unwritable);
      assert.is(await append().catch((error: Error) => error.message), 'a bug');
      assert.is((await appender.append(0, requestOf(0, 2))).type, 'appended');
    },
    { maxInFlight: 1 },
  ),
);

test(
  'more appends than may be in flight are refused, and room comes back',
  appending(
    async ({ appender }) => {
      const types = (await many(appender, 7)).map(({ type }) => type);
      assert.equal(types, [...Array(5).fill('appended'), 'refused', 'refused']);
      assert.is((await appender.append(0, requestOf(0, 9))).type, 'appended');
      assert.is(await server.redis.xlen(requests), 6);
    },
    { maxInFlight: 5 },
  ),
);

test(
  'appends of one turn keep their order, however many commands they take',
  appending(async ({ appender }) => {
    const verdicts = await many(appender, 600);
    assert.ok(verdicts.every(({ type }) => type === 'appended'));
    const entries = await server.redis.xrange(requests, '-', '+');
    assert.equal(
      entries.map(([id]) => id),
      verdicts.map((verdict) => (verdict.type === 'appended' ? verdict.streamId : verdict.type)),
    );
    assert.equal(
      entries.map(([, fields]) => fields),
      Array.from({ length: 600 }, (_, n) => [...encodeEntry(requestOf(0, n))]),
    );
  }),
);

test('entries of several versions that are sent together keep their own, and their order', async () => {
  const entries = ['1', '1', '2/1', '2', '2', '1'].map(
    (version, n) => ['v', version, 'r', `request ${n}`] as const,
  );
  const producer = await connect({ url: server.url, kind: 'producer', name: 'test', logger: silent });
  try {
    const appends = entries.map((entry) => ({ entry, claim: undefined }));
    const verdicts = await sendAppends({ redis: producer, key: requests }, appends);
    assert.equal(
      verdicts.map(({ type }) => type),
      entries.map(() => 'appended'),
    );
  } finally {
    await closeConnection(producer);
  }
  const written = await server.redis.xrange(requests, '-', '+');
  assert.equal(
    written.map(([, fields]) => fields),
    entries.map((entry) => [...entry]),
  );
});

test(
  'together or alone: what Redis refuses is refused, and a lost reply is unknown for all that were sent',
  appending(async ({ appender, proxy, producer }) => {
    await server.redis.set(requests, 'not a stream');
    const refused = await many(appender, 3);
    assert.ok(refused.every((verdict) => verdict.type === 'refused' && verdict.why.includes('WRONGTYPE')));
    await server.redis.del(requests);
    proxy.swallowReplies();
    const lost = many(appender, 3);
    assert.ok(await waitUntil(async () => (await server.redis.xlen(requests)) === 3, { limitMs: 5_000 }));
    proxy.cut();
    assert.ok((await lost).every(({ type }) => type === 'unknown'));
    proxy.passReplies();
    assert.ok(await isBack(producer));
    assert.is(await server.redis.xlen(requests), 3);
  }),
);

const settings: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['too few replicas before the write', { 'min-replicas-to-write': '1' }],
  ['no memory', { maxmemory: '1' }],
];

for (const [what, changed] of settings) {
  test(
    `an append is refused when there are/is ${what}`,
    appending(async ({ appender }) => {
      for (const [name, value] of Object.entries(changed)) await server.redis.config('SET', name, value);
      const alone = await appender.append(0, requestOf(0, 1));
      const together = await many(appender, 3);
      for (const name of Object.keys(changed)) await server.redis.config('SET', name, '0');
      assert.equal(
        [alone, ...together].map(({ type }) => type),
        ['refused', 'refused', 'refused', 'refused'],
      );
      assert.is(await server.redis.xlen(requests), 0);
    }),
  );
}

test(
  'replicated: an append that no replica acknowledges is unknown, never appended',
  appending(
    ({ appender }) =>
      unknownWithoutReplica({
        append: (count) => many(appender, count),
        entriesOfPrimary: () => server.redis.xlen(requests),
      }),
    { durability: 'replicated', replicaMs: 20 },
    2_000,
  ),
);

test('replicated: with a replica an append is appended, and the replica has it', async () => {
  const replica = await startOwnRedis({ settings: { replicaof: `127.0.0.1 ${server.port}` } });
  const copy = new Redis(replica.url);
  try {
    const synced = async () => (await server.redis.info('replication')).includes('state=online');
    assert.ok(await waitUntil(synced, { limitMs: 15_000 }));
    await appending(
      ({ appender }) =>
        appendedOnBoth({
          append: (count) => many(appender, count),
          entriesOfReplica: () => copy.xlen(requests),
        }),
      { durability: 'replicated' },
      2_000,
    )();
  } finally {
    await copy.quit();
    await replica.remove();
  }
});
