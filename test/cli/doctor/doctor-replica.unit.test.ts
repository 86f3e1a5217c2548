import { judgeSessions } from '../../../src/cli/doctor/judge-database.ts';
import { judgeReplica } from '../../../src/cli/doctor/judge-replica.ts';
import type { Line } from '../../../src/cli/doctor/line.ts';
import { risks } from '../../../src/config/risks.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('what doctor judges of sessions and of a replica');

/** Name, verdict and finding of every line that is not `ok`. */
const amiss = (lines: readonly Line[]) =>
  lines.filter(({ verdict }) => verdict !== 'ok').map(({ name, verdict, found }) => [name, verdict, found]);

test('sessions that come to several servers are unmet, but for nodes of one Galera cluster', () => {
  const one = { servers: ['a:1 (server_id 1)'], isOneCluster: false };
  const two = { servers: ['a:1 (server_id 1)', 'b:1 (server_id 2)'], isOneCluster: false };
  assert.equal(amiss([judgeSessions(one), judgeSessions({ ...two, isOneCluster: true })]), []);
  assert.equal(amiss([judgeSessions(two)]), [
    ['one-server', 'unmet', 'a:1 (server_id 1), b:1 (server_id 2)'],
  ]);
  assert.equal(amiss([judgeSessions({ ...one, split: two.servers })]), [
    ['one-server', 'unmet', 'one session comes to a:1 (server_id 1) and b:1 (server_id 2)'],
  ]);
  assert.equal(amiss([judgeSessions(undefined)]), [['one-server', 'unknown', 'not shown']]);
  assert.not(risks.some((risk) => String(risk) === 'one-server'));
});

test('a replica to read from is judged by what it is and how late', () => {
  const server = { name: 'b:1 (server_id 2)', id: 'b', isReadOnly: true };
  const good = { server, isPrimary: false, isOneCluster: false, lagMs: 3 };
  assert.equal(amiss(judgeReplica(good, 1_000)), []);
  const writable = { ...good, server: { ...server, isReadOnly: false } };
  assert.equal(amiss(judgeReplica({ ...writable, isOneCluster: true }, 1_000)), []);
  assert.equal(amiss(judgeReplica(writable, 1_000)), [
    ['read-replica', 'unmet', 'b:1 (server_id 2), read_only OFF'],
  ]);
  assert.equal(amiss(judgeReplica({ ...good, isPrimary: true }, 1_000)), [
    ['read-replica', 'unmet', 'the primary: b:1 (server_id 2)'],
  ]);
  const { lagMs: _, ...late } = good;
  assert.equal(amiss(judgeReplica(late, 1_000)), [['read-replica-lag', 'unmet', 'more than 1000 ms']]);
  assert.equal(amiss(judgeReplica({ ...late, fault: 'of another pair' }, 1_000)), [
    ['read-replica-lag', 'unmet', 'of another pair'],
  ]);
  assert.equal(
    judgeReplica(undefined, 1_000).map(({ verdict }) => verdict),
    ['unknown', 'unknown'],
  );
  assert.equal(
    judgeReplica(new Error('away'), 1_000).map(({ found }) => found),
    ['away', 'away'],
  );
});
