import { waitUntil } from '../../../infra/local/wait-until.ts';
import { newConnectionGroup, type ReadyConnection } from '../../../src/log/connection/connection-group.ts';
import type { ConnectionCandidate, ServerCheck } from '../../../src/log/connection/prepare-connection.ts';
import { refusalIn, UnfitServer } from '../../../src/log/connection/unfit-server.ts';
import { assert, suite } from '../../support/suite.ts';
import { silent } from '../redis-log-world.ts';

const test = suite('connections that leave a server together');

/** The reason for which each of some connections was dropped. */
const membersOn = (...servers: readonly (string | undefined)[]) => {
  const dropped = new Map<number, string>();
  const members = servers.map(
    (server, n): ReadyConnection => ({
      server,
      recheck: async () => undefined,
      drop: (why) => dropped.set(n, why),
    }),
  );
  return { members, dropped };
};

const groupOf = (check?: ServerCheck, everyMs?: number) =>
  newConnectionGroup({ where: 'redis://a', logger: silent, check, everyMs });

const nobody: ConnectionCandidate = {
  get redis(): never {
    throw new Error('not asked');
  },
  keeps: () => true,
};

const failureOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );

test('one that is refused takes all to the same server with it, and those of whom nobody knows where they are', () => {
  const group = groupOf();
  const { members, dropped } = membersOn('a', 'a', 'b', undefined);
  const [first] = members;
  if (!first) throw new Error('four members');
  for (const member of members) group.join(member);
  group.refused(first, new UnfitServer('READONLY', 'server'));
  assert.equal([...dropped.keys()], [0, 1, 3]);
  dropped.clear();
  group.refused(first, new UnfitServer('READONLY', 'server'));
  assert.is(dropped.size, 0, 'what was answered before it was dropped counts once');
});

test('a wrong one behind the URL takes all of them with it, and holds back those that have nothing to compare', async () => {
  let verdict: 'passed' | 'no-say' | 'wrong' = 'passed';
  const group = groupOf(async () => {
    if (verdict === 'wrong') throw new UnfitServer('another pair');
    return verdict;
  });
  const { members, dropped } = membersOn('a', 'b');
  for (const member of members) group.join(member);
  assert.is(await group.check(nobody), 'passed');
  verdict = 'wrong';
  assert.is(await failureOf(group.check(nobody)), 'another pair');
  assert.is(dropped.size, 2);
  verdict = 'no-say';
  assert.is(await failureOf(group.check(nobody)), 'another pair');
  verdict = 'passed';
  await group.check(nobody);
  verdict = 'no-say';
  assert.is(await group.check(nobody), 'no-say');
});

test('each is looked at again and again, and only a verdict makes it go', async () => {
  const group = groupOf(undefined, 1);
  const dropped: string[] = [];
  const looks = { silent: 0, demoted: 0 };
  const looking = (name: keyof typeof looks, fault: () => Error | undefined): ReadyConnection => ({
    server: name,
    recheck: async () => {
      looks[name] += 1;
      const error = fault();
      if (error) throw error;
    },
    drop: () => dropped.push(name),
  });
  group.join(looking('silent', () => new Error('Command timed out')));
  group.join(
    looking('demoted', () => (looks.demoted > 3 ? new UnfitServer('role: replica', 'server') : undefined)),
  );
  // The timer does not keep the process alive, so the test must.
  assert.ok(await waitUntil(() => dropped.length > 0 && looks.silent > 5, { limitMs: 5_000 }));
  assert.equal(dropped, ['demoted']);
});

test('of what a server may answer, only some says that it is the wrong one', () => {
  const said = {
    "READONLY You can't write against a read only replica.": 'demoted',
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.": 'demoted',
    'LOADING Redis is loading the dataset in memory': 'demoted',
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)': 'demoted',
    'ERR WAIT cannot be used with replica instances. Please also note': 'demoted',
    'MOVED 3999 127.0.0.1:6381': 'elsewhere',
    'ASK 3999 127.0.0.1:6381': 'elsewhere',
    'TRYAGAIN Multiple keys request during rehashing of slot': 'elsewhere',
    'CLUSTERDOWN Hash slot not served': 'elsewhere',
    'UNBLOCKED the stream key no longer exists': undefined,
    'NOREPLICAS Not enough good replicas to write.': undefined,
    'OOM command not allowed': undefined,
    'MISCONF Redis is configured to save RDB snapshots': undefined,
    'NOSCRIPT No matching script.': undefined,
    'WRONGTYPE Operation against a key': undefined,
    "NOPERM this user has no permissions to run the 'x' command": undefined,
  };
  for (const [message, refusal] of Object.entries(said))
    assert.is(refusalIn(new Error(message)), refusal, message);
});
