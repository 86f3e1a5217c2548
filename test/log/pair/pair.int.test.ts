import { beforeAll } from '../../../src/domain/stream-id.ts';
import { openNodes } from '../../../src/log/cluster/open-nodes.ts';
import { settlePair, storedPair, witnessesOf } from '../../../src/log/pair/pair.ts';
import { openRedis, type RedisClient } from '../../support/open-redis.ts';
import { type OwnServer, startOwnRedis } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';
import { silent } from '../redis-log-world.ts';

const test = suite("Redis' half of a pair");

const [ours, theirs] = ['a'.repeat(32), 'b'.repeat(32)];

let server: OwnServer;
let redis: RedisClient;
let nodes: Awaited<ReturnType<typeof openNodes>>;

test.before(async () => {
  server = await startOwnRedis();
  redis = await openRedis(server.url);
  nodes = await openNodes({ url: server.url, name: 'test', logger: silent });
});

test.before.each(async () => {
  await redis.flushall();
});

test.after(async () => {
  redis.disconnect();
  await nodes.close();
  await server.remove();
});

test('is written where there is none, and never over another', async () => {
  assert.is(await storedPair(nodes.control), undefined);
  assert.is(await settlePair(nodes.control, ours), ours);
  assert.is(await settlePair(nodes.control, theirs), ours);
  assert.is(await storedPair(nodes.control), ours);
});

test('two that write at the same moment go on with the same', async () => {
  const stored = await Promise.all([settlePair(nodes.control, ours), settlePair(nodes.control, theirs)]);
  assert.is(stored[0], stored[1]);
});

test('a stream says how far it goes, and an entry that cannot be read says nothing', async () => {
  const stream = 'onsale:{1}:requests';
  await redis.xadd(stream, '5-0', 'v', '1', 'r', 'not json');
  await redis.xadd(stream, '7-0', 'v', '1', 'r', '{}');
  assert.equal(
    await witnessesOf(nodes.control, [
      { partition: 0, watermark: beforeAll },
      { partition: 1, watermark: beforeAll },
    ]),
    [{ lastId: '0-0' }, { lastId: '7-0', firstId: '5-0' }],
  );
});
