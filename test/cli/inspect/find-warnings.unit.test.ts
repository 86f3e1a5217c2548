import { findWarnings } from '../../../src/cli/inspect/find-warnings.ts';
import type { PartitionSnapshot, RedisSnapshot, Survey } from '../../../src/cli/inspect/survey.ts';
import { newStreamId } from '../../../src/domain/stream-id.ts';
import type { ServerSnapshot } from '../../../src/log/inspect/inspect-server.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('what inspect warns of');

const nowMs = 1_700_000_000_000;
const limits = { durability: 'disk', redisMemoryShareMax: 0.8 } as const;
const server: ServerSnapshot = {
  nowMs,
  usedBytes: 10,
  maxBytes: 100,
  evictionPolicy: 'noeviction',
  appendOnly: true,
  appendFsync: 'always',
  lastWriteOk: true,
  replicas: 1,
  minReplicasToWrite: 1,
};
const redis: RedisSnapshot = { server, members: [{ id: 'one', held: 2, silentMs: 5 }], partitions: 2 };

const look = (partition: number, changes: Partial<PartitionSnapshot> = {}): PartitionSnapshot => ({
  partition,
  standing: {
    partition,
    epoch: 1,
    owner: 'one',
    claimedAtMs: nowMs,
    position: 3,
    watermark: newStreamId(nowMs - 5, 0),
    clockMs: nowMs,
    judgedMs: nowMs - 5,
    parked: 0,
    stuckHolds: 0,
  },
  stream: { length: 3, lastId: newStreamId(nowMs - 5, 0) },
  lease: { partition, holder: 'one', endsInMs: 2_000 },
  ...changes,
});

const mysql = { partitions: 2, server: 'db:3306 (server_id 1)', isReadOnly: false };

const survey = (changes: Partial<Survey> = {}): Survey => ({
  redis: { type: 'seen', look: redis },
  mysql: { type: 'seen', look: mysql },
  partitions: [look(0), look(1)],
  ...changes,
});

const onServer = (changes: Partial<ServerSnapshot>): Survey =>
  survey({ redis: { type: 'seen', look: { ...redis, server: { ...server, ...changes } } } });

const only = (seen: Survey, durability: 'disk' | 'replicated' = 'disk'): string =>
  findWarnings(seen, { ...limits, durability })
    .map(({ what, partitions }) => (partitions ? `${what}: ${partitions}` : what))
    .join('\n');

test('of nothing, where all is as it should be, or is not shown', () => {
  assert.is(only(survey()), '');
  assert.is(only(survey(), 'replicated'), '');
  const { appendFsync: _fsync, minReplicasToWrite: _replicas, ...hidden } = server;
  assert.is(only(survey({ redis: { type: 'seen', look: { ...redis, server: hidden } } }), 'replicated'), '');
});

test('of a Redis that is a replica, with the cure', () => {
  assert.is(only(onServer({ role: 'primary' })), '');
  assert.match(only(onServer({ role: 'replica' })), /^Redis has role: replica — .*REPLICAOF NO ONE\)$/);
});

test('of a MySQL that takes no writes, with the cure', () => {
  const seen = only(survey({ mysql: { type: 'seen', look: { ...mysql, isReadOnly: true } } }));
  assert.match(
    seen,
    /^MySQL is read-only on db:3306 \(server_id 1\): nothing can be decided there.*read_only=0/,
  );
});

test('of a Redis that does not keep what a 202 promises', () => {
  assert.match(
    only(onServer({ appendOnly: false, appendFsync: 'everysec' })),
    /^Redis has appendonly no[^\n]*$/,
  );
  assert.match(only(onServer({ appendFsync: 'everysec' })), /^Redis has appendfsync everysec/);
  assert.match(
    only(onServer({ evictionPolicy: 'volatile-ttl' })),
    /^Redis has maxmemory-policy volatile-ttl/,
  );
  assert.match(only(onServer({ lastWriteOk: false })), /^Redis could not write/);
  assert.match(only(onServer({ usedBytes: 81 })), /^Redis uses 81 % of its memory/);
  assert.is(only(onServer({ minReplicasToWrite: 0, replicas: 0 })), '');
  assert.match(
    only(onServer({ minReplicasToWrite: 0, replicas: 0 }), 'replicated'),
    /min-replicas[^\n]*\n.*no replica$/,
  );
});

test('of servers that do not belong together', () => {
  const { partitions: _partitions, ...empty } = redis;
  assert.match(only(survey({ redis: { type: 'seen', look: empty } })), /^Redis was never set up/);
  const other = { type: 'seen', look: { ...redis, partitions: 8 } } as const;
  assert.match(only(survey({ redis: other })), /^Redis was set up with 8 partitions, MySQL with 2/);
});

test('of partitions nobody works, or somebody else than who claimed them', () => {
  const { lease: _lease, ...free } = look(1);
  assert.is(only(survey({ partitions: [look(0), free] })), 'nobody holds the lease: 1');
  const foreign = look(0, { lease: { partition: 0, holder: 'two', endsInMs: 1 } });
  assert.match(only(survey({ partitions: [foreign] })), /^the holder of the lease has not claimed .*: 0$/);
  const alone = { type: 'seen', look: { ...redis, members: [] } } as const;
  assert.match(only(survey({ redis: alone, partitions: [free] })), /^no projector is alive[^\n]*$/);
});

test('of a stream that went back, and of entries that wait too long or are parked', () => {
  const back = look(1, { stream: { length: 0, lastId: newStreamId(nowMs - 6, 0) } });
  assert.match(only(survey({ partitions: [look(0), back] })), /^the stream went back .*: 1$/);
  const waiting = (ms: number): PartitionSnapshot =>
    look(0, { stream: { length: 1, lastId: newStreamId(nowMs, 0), oldest: newStreamId(nowMs - ms, 0) } });
  assert.is(only(survey({ partitions: [waiting(10_000)] })), '');
  assert.match(only(survey({ partitions: [waiting(10_001)] })), /^the oldest undecided entry .*: 0$/);
  const { standing } = look(0);
  const parked = look(0, standing ? { standing: { ...standing, parked: 2 } } : {});
  assert.is(only(survey({ partitions: [parked] })), 'entries are parked: onsale parked: 0');
  const stuck = look(0, standing ? { standing: { ...standing, stuckHolds: 1 } } : {});
  assert.match(only(survey({ partitions: [stuck] })), /^holds are due that cannot lapse, .*: 0$/);
});

test('of nothing that a server which is away would have to tell', () => {
  const away = { type: 'away', why: 'down' } as const;
  const { stream: _stream, lease: _lease, ...rows } = look(0);
  assert.is(only(survey({ redis: away, partitions: [rows] })), '');
  const { standing: _standing, ...streams } = look(0);
  assert.is(only(survey({ mysql: away, partitions: [streams] })), '');
});
