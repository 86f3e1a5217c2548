import { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { keysOf } from '../../src/log/keys.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { appendingTo, emptyRedis, many } from './appending.ts';
import { requestOf } from './requests.ts';

/** The scripts of a server are flushed while our connections are open. */
const test = suite('appending on a Redis that has lost its scripts');
const { requests } = keysOf(0);

const server = emptyRedis(test);
const appending = appendingTo(server);
const replicated = { durability: 'replicated', replicaMs: 300 } as const;

let replica: OwnServer;
let copy: Redis;
test.before(async () => {
  replica = await startOwnRedis({
    settings: { replicaof: `127.0.0.1 ${server.port}`, 'repl-diskless-sync-delay': '0' },
  });
  copy = new Redis(replica.url);
  const synced = async () => (await server.redis.info('replication')).includes('state=online');
  assert.ok(await waitUntil(synced, { limitMs: 15_000 }));
});
test.after(async () => {
  await copy?.quit();
  await replica?.remove();
});

/**
 * WAIT itself writes to the replica, which acknowledges that a second later. Until then the next WAIT is not
 * answered at once.
 */
const acknowledged = async (): Promise<boolean> => {
  const info = await server.redis.info('replication');
  const [, replicas] = /^slave0:.*offset=(\d+)/m.exec(info) ?? [];
  const [, ours] = /^master_repl_offset:(\d+)/m.exec(info) ?? [];
  return replicas !== undefined && replicas === ours;
};

test(
  'replicated: what is sent once more is unknown while no replica acknowledges it',
  appending(
    async ({ appender }) => {
      // A replica that says online may still be loading, for longer than an append waits.
      const appended = async () => (await appender.append(0, requestOf(0, 1))).type === 'appended';
      assert.ok(await waitUntil(appended, { limitMs: 15_000 }));
      const before = await server.redis.xlen(requests);
      await server.redis.script('FLUSH');
      assert.ok(await waitUntil(acknowledged, { limitMs: 10_000 }));
      await replica.kill('SIGSTOP');
      const verdicts = await many(appender, 2);
      await replica.kill('SIGCONT');
      assert.equal(
        verdicts.map(({ type }) => type),
        ['unknown', 'unknown'],
      );
      assert.is(await server.redis.xlen(requests), before + 2);
    },
    replicated,
    2_000,
  ),
);

test(
  'replicated: with a replica it is appended, and the replica has it by then',
  appending(
    async ({ appender }) => {
      await server.redis.script('FLUSH');
      const verdicts = await many(appender, 20);
      assert.equal(new Set(verdicts.map(({ type }) => type)), new Set(['appended']));
      assert.is(await copy.xlen(requests), 20);
    },
    { durability: 'replicated' },
    2_000,
  ),
);

test(
  'appends of one turn keep their order, however many commands they take',
  appending(async ({ appender }) => {
    for (const count of [251, 501]) {
      await server.redis.del(requests);
      await server.redis.script('FLUSH');
      const verdicts = await many(appender, count);
      const entries = await server.redis.xrange(requests, '-', '+');
      assert.equal(
        verdicts.map((verdict) => (verdict.type === 'appended' ? verdict.streamId : verdict.type)),
        entries.map(([id]) => id),
      );
    }
  }),
);
