import { Redis } from 'ioredis';
import { createPool, type Pool } from 'mysql2/promise';
import { lockLess } from '../load/peers/lock-less.ts';
import { oldAlgorithm } from '../load/peers/old-algorithm.ts';
import { createTickets, type Peer, type PeerOptions, soldTickets } from '../load/peers/peer.ts';
import { createDatabase, type Database, type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

// The same load as in main-job.e2e.test.ts: 1,000 requests for 3 places each, all at once.
const requests = 1_000;
const quantity = 3;
const capacity = 500;

const test = suite('what oversells under the load that we sell correctly');

let redisServer: OwnServer;
let schema: Database;
let redis: Redis;
let database: Pool;

test.before(async () => {
  redisServer = await startOwnRedis();
  schema = await createDatabase();
  redis = new Redis(redisServer.url);
  database = createPool({ uri: schema.url, connectionLimit: 20 });
});

test.after(async () => {
  redis.disconnect();
  await database.end();
  await schema.drop();
  await redisServer.remove();
});

const sellOut = async (open: (options: PeerOptions) => Promise<Peer>): Promise<number> => {
  await createTickets(database, capacity);
  const peer = await open({ redis, database, capacity });
  await Promise.all(Array.from({ length: requests }, () => peer.buy({ quantity })));
  await peer.close();
  return await soldTickets(database);
};

test('the old algorithm sells more than there is', async () => {
  assert.ok((await sellOut(oldAlgorithm)) > capacity);
});

test('our own stream and decide, without lease, claim and fence, sell more than there is', async () => {
  assert.ok((await sellOut(lockLess)) > capacity);
});
