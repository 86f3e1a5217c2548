import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { scaledObject } from '../../infra/k8s/scaled-object.ts';
import { group, keysOf } from '../../src/log/keys.ts';
import { assert, suite } from '../support/suite.ts';
import { readScalingRules } from './scaling-rules.ts';

const test = suite('rules of the ScaledObject');

const shipped = readFileSync(
  new URL('../../infra/k8s/components/keda/scaled-object.yaml', import.meta.url),
  'utf8',
);
const three = scaledObject({ partitions: 3, redis: 'one-server' });

test('the rules that are played are those of the file that is shipped', () => {
  const { min, max, target, triggers, up, down } = readScalingRules(shipped);
  const { spec } = scaledObject({ partitions: triggers.length, redis: 'one-server' });
  const { scaleUp, scaleDown } = spec.advanced.horizontalPodAutoscalerConfig.behavior;
  assert.equal({ min, max }, { min: spec.minReplicaCount, max: spec.maxReplicaCount });
  assert.is(String(target), spec.advanced.scalingModifiers.target);
  assert.is(up.windowSeconds, scaleUp.stabilizationWindowSeconds);
  assert.is(down.windowSeconds, scaleDown.stabilizationWindowSeconds);
  for (const [read, [policy]] of [[up, scaleUp.policies] as const, [down, scaleDown.policies] as const])
    assert.equal({ type: read.policy, value: read.value, periodSeconds: read.periodSeconds }, { ...policy });
});

test('the lag of every partition is asked for, where the log keeps it, and never are there more than those', () => {
  const { triggers, max } = readScalingRules(shipped);
  assert.is(triggers.length, max);
  assert.equal(
    triggers,
    triggers.map((_, partition) => ({
      name: `p${partition}`,
      stream: keysOf(partition).requests,
      consumerGroup: group,
    })),
  );
});

test('the formula of the file adds the lags up, and takes an unknown one for one share', () => {
  const { sum, target } = readScalingRules(stringify(three));
  assert.is(sum({ p0: 1, p1: 20, p2: 300 }), 321);
  assert.is(sum({ p0: 1, p1: -1, p2: 300 }), 301 + target);
});

test('a formula that is changed in the file is changed in the play', () => {
  const changed = stringify(three).replace(/formula: .*/, 'formula: 2 * (p0 + p1)');
  assert.is(readScalingRules(changed).sum({ p0: 3, p1: 4, p2: 5 }), 14);
});

test('a lag that the formula asks for and nobody has is no number, and is not passed over', () =>
  assert.throws(() => readScalingRules(stringify(three)).sum({ p0: 1, p1: 2 })));

test('a second policy is refused, because it would not be played', () => {
  const policies = [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ];
  const { spec } = three;
  const behavior = {
    ...spec.advanced.horizontalPodAutoscalerConfig.behavior,
    scaleUp: { stabilizationWindowSeconds: 0, policies },
  };
  const advanced = { ...spec.advanced, horizontalPodAutoscalerConfig: { behavior } };
  assert.throws(() => readScalingRules(stringify({ ...three, spec: { ...spec, advanced } })));
});
