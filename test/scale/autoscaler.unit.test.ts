import { readFileSync } from 'node:fs';
import { assert, suite } from '../support/suite.ts';
import { newAutoscaler, syncSeconds } from './autoscaler.ts';
import { readScalingRules } from './scaling-rules.ts';

const test = suite('the autoscaler that is played');

const rules = readScalingRules(
  readFileSync(new URL('../../infra/k8s/components/keda/scaled-object.yaml', import.meta.url), 'utf8'),
);

const nothing = Object.fromEntries(rules.triggers.map(({ name }) => [name, 0]));

/** The number of replicas after each sample, 15 s apart, for these total lags. */
const replicasFor = (lags: readonly number[]): readonly number[] => {
  const autoscaler = newAutoscaler(rules);
  return lags.map((p0, n) => autoscaler.next(n * syncSeconds, { ...nothing, p0 }).replicas);
};

const times = <Value>(count: number, value: Value): readonly Value[] =>
  Array.from({ length: count }, () => value);

test('one for every 5,000 that wait, at least one, at most one a partition', () => {
  const wantedFor = (p0: number): number => newAutoscaler(rules).next(0, { ...nothing, p0 }).wanted;
  assert.equal([0, 4_000, 9_000, 10_001, 1_000_000].map(wantedFor), [1, 1, 2, 3, 16]);
});

test('so near to what they bear, as many stay', () => assert.equal(replicasFor([5_400]), [1]));

test('upwards at once, but no more than twice as many in 15 s', () =>
  assert.equal(replicasFor(times(6, 1_000_000)), [2, 4, 8, 16, 16, 16]));

test('upwards no further than what is wanted', () => assert.equal(replicasFor(times(3, 14_000)), [2, 3, 3]));

test('a wave ten minutes after the last one finds as many as the last one needed', () => {
  const replicas = replicasFor([...times(2, 19_000), ...times(39, 0), 19_000, ...times(20, 0)]);
  assert.equal(new Set(replicas.slice(1)), new Set([4]));
});

test('after ten calm minutes one goes, and then one in two minutes, down to one', () => {
  const replicas = replicasFor([...times(2, 19_000), ...times(80, 0)]);
  const goneAt = replicas.flatMap((now, n) => (now < (replicas[n - 1] ?? 0) ? [(n - 1) * syncSeconds] : []));
  assert.equal(goneAt, [615, 735, 855]);
  assert.is(replicas.at(-1), 1);
});

test('a lag that Redis does not know keeps nobody from scaling up', () => {
  const unknown = Object.fromEntries(rules.triggers.map(({ name }) => [name, -1]));
  assert.is(newAutoscaler(rules).next(0, unknown).wanted, rules.max);
});
