import { assert, suite } from '../support/suite.ts';
import { readArguments } from './read-arguments.ts';
import { faultKinds, planFaults } from './schedule.ts';

const test = suite('the schedule of the fault drill');

const seeds = [0, 1, 17, 4_294_967_295, 123_456_789];

test('the same seed gives the same schedule, another seed another one', () => {
  for (const seed of seeds) {
    const plan = planFaults(seed, { rounds: 3, length: 'long' });
    assert.equal(planFaults(seed, { rounds: 3, length: 'long' }), plan);
    assert.not.equal(planFaults(seed + 1, { rounds: 3, length: 'long' }), plan);
  }
});

test('a longer drill begins like a shorter one', () => {
  const short = planFaults(5, { rounds: 1, length: 'long' });
  assert.equal(planFaults(5, { rounds: 4, length: 'long' }).slice(0, short.length), short);
});

test('every round has every kind of fault once', () => {
  for (const seed of seeds) {
    const plan = planFaults(seed, { rounds: 4, length: 'short' });
    assert.is(plan.length, 4 * faultKinds.length);
    for (let round = 0; round < 4; round += 1) {
      const kinds = plan.slice(round * faultKinds.length, (round + 1) * faultKinds.length);
      assert.equal(kinds.map(({ kind }) => kind).toSorted(), faultKinds.toSorted());
    }
  }
});

test('a pause beyond the lease is longer than the lease, another one shorter', () => {
  const leaseMs = 3_000;
  const plan = (['short', 'long'] as const).flatMap((length) => planFaults(3, { rounds: 20, length }));
  const pausesOf = (name: string): readonly number[] =>
    plan.filter(({ kind }) => kind === name).map(({ forMs }) => forMs);
  assert.ok(pausesOf('pause-projector-beyond-lease').every((ms) => ms > leaseMs));
  assert.ok(pausesOf('pause-projector').every((ms) => ms > 0 && ms < leaseMs));
});

test('MariaDB is away for 30 s in a long drill; a short round leaves half a minute for recoveries', () => {
  const away = planFaults(3, { rounds: 1, length: 'long' }).find(({ kind }) => kind === 'stop-mariadb');
  assert.is(away?.forMs, 30_000);
  for (const seed of seeds) {
    const plan = planFaults(seed, { rounds: 1, length: 'short' });
    assert.ok(plan.reduce((sum, { forMs, restMs }) => sum + forMs + restMs, 0) < 30_000);
  }
});

test('what is typed wrongly is said in one line; what is not typed has a default', () => {
  assert.equal(
    readArguments(['--seed', '7', '--minutes', '0.5', '--only', 'failover'], () => 1),
    {
      seed: 7,
      minutes: 0.5,
      out: undefined,
      only: ['failover'],
    },
  );
  assert.equal(
    readArguments([], () => 1),
    {
      seed: 1,
      minutes: undefined,
      out: undefined,
      only: ['main', 'failover', 'power-loss'],
    },
  );
  for (const args of [
    ['--seed', 'x'],
    ['--minutes', '-1'],
    ['--minutes', ''],
    ['--only', 'nothing'],
    ['--such'],
    ['more'],
  ])
    assert.throws(() => readArguments(args, () => 1));
});
