import { Redis } from 'ioredis';
import { parseFields } from '../../../src/log/connection/replies.ts';
import { keysOf } from '../../../src/log/keys.ts';
import { makeStreams } from '../../../src/log/partition/make-streams.ts';

import { type OwnServer, startOwnRedis } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('streams before the first projector');

let server: OwnServer;
let redis: Redis;

test.before(async () => {
  server = await startOwnRedis();
  redis = new Redis(server.url);
});

test.after(async () => {
  redis.disconnect();
  await server.remove();
});

const streamOf = (partition: number): string => keysOf(partition).requests;

/** The group's fields, read with the command that KEDA uses. */
const groupOf = async (partition: number): Promise<ReadonlyMap<string, unknown>> => {
  const groups: unknown = await redis.xinfo('GROUPS', streamOf(partition));
  assert.ok(Array.isArray(groups) && groups.length === 1);
  return parseFields(groups[0]);
};

const nothing = { forbidden: [], missing: [] };

test('streams and their group are there, and the lag counts from the first entry on', async () => {
  const partitions = [...Array(200).keys()];
  assert.equal(await makeStreams(() => redis, partitions), nothing);
  for (const partition of [0, 63, 64, 199]) {
    const made = await groupOf(partition);
    assert.equal(
      [made.get('name'), made.get('last-delivered-id'), made.get('lag')],
      ['projectors', '0-0', 0],
    );
  }
  for (let n = 0; n < 3; n += 1) await redis.xadd(streamOf(7), '*', 'v', '1');
  assert.is((await groupOf(7)).get('lag'), 3);
});

test('what is there stays as it is: where the group stands, and what is on the stream', async () => {
  await redis.xadd(streamOf(300), '5-1', 'v', '1');
  await redis.xadd(streamOf(300), '5-2', 'v', '1');
  await redis.xgroup('CREATE', streamOf(300), 'projectors', '5-1', 'ENTRIESREAD', 1);
  assert.equal(await makeStreams(() => redis, [300]), nothing);
  const group = await groupOf(300);
  assert.equal([group.get('last-delivered-id'), group.get('lag')], ['5-1', 1]);
});

test('a stream that was appended to before gets a group that has read none of it', async () => {
  await redis.xadd(streamOf(301), '5-1', 'v', '1');
  await redis.xadd(streamOf(301), '5-2', 'v', '1');
  assert.equal(await makeStreams(() => redis, [301]), nothing);
  const group = await groupOf(301);
  assert.equal([group.get('last-delivered-id'), group.get('lag')], ['0-0', 2]);
});

test('a user without the right is told from a server that cannot be asked', async () => {
  await redis.acl('SETUSER', 'older', 'on', '>older', '+ping', '+info', '+xadd', '~*');
  const older = new Redis(server.url.replace('//', '//older:older@'));
  assert.equal(await makeStreams(() => older, [400, 401]), { forbidden: [400, 401], missing: [] });
  older.disconnect();
  const { missing, why } = await makeStreams(() => older, [400, 401]);
  assert.equal(missing, [400, 401]);
  assert.ok(why);
  assert.is(await redis.exists(streamOf(400)), 0);
});
