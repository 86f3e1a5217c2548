import { waitUntil } from '../../../infra/local/wait-until.ts';
import { redisLeases } from '../../../src/lease/redis-leases.ts';
import { redisMembers } from '../../../src/lease/redis-members.ts';
import { openNodes } from '../../../src/log/cluster/open-nodes.ts';
import { type LeaseWorld, leaseContract } from '../../contract/lease.contract.ts';
import { logContract } from '../../contract/log.contract.ts';
import { systemClock } from '../../lease/redis-world.ts';
import { mastersOf, openRedis } from '../../support/open-redis.ts';
import { type OwnCluster, startOwnRedisCluster } from '../../support/redis-cluster.ts';
import { assert, suite } from '../../support/suite.ts';
import { newRedisWorld, silent } from '../redis-log-world.ts';

let cluster: OwnCluster;

const contract = suite('the log contract, on a Redis Cluster');
contract.before(async () => {
  cluster = await startOwnRedisCluster();
});
logContract(contract, () => newRedisWorld(cluster.url));

const starting = suite('starting on a Redis Cluster');

starting(
  'a start with a dead node in front asks the next one; what is no cluster is said to be none',
  async () => {
    const [seed] = cluster.nodes;
    const options = { name: 'test', logger: silent };
    const opened = await openNodes({
      ...options,
      url: `redis+cluster://127.0.0.1:1?nodes=127.0.0.1:${seed?.port}`,
    });
    await opened.ping();
    await opened.close();
    const fault = await openNodes({ ...options, url: 'redis+cluster://me:hush@127.0.0.1:1' }).then(
      () => 'opened',
      (error: Error) => error.message,
    );
    assert.match(fault, 'ECONNREFUSED');
    assert.not(fault.includes('hush'));
  },
);

const newLeaseWorld = async (): Promise<LeaseWorld> => {
  const server = await openRedis(cluster.url);
  await Promise.all(mastersOf(server).map((node) => node.flushall()));
  server.disconnect();
  const nodes = await openNodes({ url: cluster.url, name: 'test', logger: silent });
  const base = { nodeOf: nodes.control, clock: systemClock, ttlMs: 2_400 };
  const members = redisMembers({ ...base, subscriber: await nodes.openSubscriber() });
  return {
    ttlMs: base.ttlMs,
    partitions: 8,
    leases: (projectorId) => redisLeases({ ...base, partitions: 8, projectorId }),
    members: () => members,
    monotonicMs: systemClock.monotonicMs,
    until: (condition) => waitUntil(condition, { limitMs: 10_000 }),
    close: () => nodes.close(),
  };
};

const leases = suite('the lease contract, on a Redis Cluster');
leases.after(() => cluster.remove());
leaseContract(leases, newLeaseWorld);
