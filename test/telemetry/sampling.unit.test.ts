import { metricList } from '../../src/telemetry/metric-list.ts';
import { newRegistry } from '../../src/telemetry/registry.ts';
import { newSampling, type SamplerName } from '../../src/telemetry/sampling.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('which traces are kept');

const [traceId, spanId] = ['a'.repeat(32), 'b'.repeat(16)];
const wanted = `00-${traceId}-${spanId}-01`;
const unwanted = `00-${traceId}-${spanId}-00`;

const samplingOf = (sampler: SamplerName, { ratio = 0.25, dice = 0.5 } = {}) => {
  const clock = { nowMs: 0 };
  const registry = newRegistry();
  const sampling = newSampling({
    sampler,
    ratio,
    random: () => dice,
    monotonicMs: () => clock.nowMs,
    registry,
  });
  return { ...sampling, clock, counted: (why: string) => registry.counter(metricList.traces, why).value };
};

test('by itself a request is sampled as often as the ratio says', () => {
  assert.is(samplingOf('parentbased_traceidratio', { dice: 0.25 }).sample(undefined, undefined), undefined);
  assert.equal(samplingOf('parentbased_traceidratio', { dice: 0.2 }).sample(undefined, undefined), {});
  assert.is(
    samplingOf('parentbased_traceidratio', { ratio: 0, dice: 0 }).sample(undefined, undefined),
    undefined,
  );
});

test('who comes with a trace is kept or not as the sender decided', () => {
  const { sample } = samplingOf('parentbased_traceidratio', { dice: 0.99 });
  assert.equal(sample(wanted, 'v=1'), { parent: { traceId, spanId, state: 'v=1' } });
  assert.is(samplingOf('parentbased_traceidratio', { dice: 0 }).sample(unwanted, undefined), undefined);
});

test('what is no trace context is as good as none', () => {
  assert.equal(samplingOf('parentbased_traceidratio', { dice: 0 }).sample('nonsense', undefined), {});
});

test('each of the standard samplers does what its name says', () => {
  const answers = (sampler: SamplerName) => {
    const { sample } = samplingOf(sampler, { dice: 0.5 });
    return [undefined, wanted, unwanted].map((parent) => sample(parent, undefined) !== undefined);
  };
  assert.equal(answers('always_on'), [true, true, true]);
  assert.equal(answers('always_off'), [false, false, false]);
  assert.equal(answers('traceidratio'), [false, false, false]);
  assert.equal(answers('parentbased_always_on'), [true, true, false]);
  assert.equal(answers('parentbased_always_off'), [false, true, false]);
});

test('a sender who wishes for every trace gets a hundred a second, and the rest is counted', () => {
  const { sample, clock, counted } = samplingOf('parentbased_traceidratio');
  const burst = () => Array.from({ length: 250 }, () => sample(wanted, undefined)).filter(Boolean).length;
  assert.is(burst(), 100);
  clock.nowMs += 500;
  assert.is(burst(), 50);
  assert.is(counted('sampled'), 150);
  assert.is(counted('dropped'), 350);
});

test('errors and slow ones have a budget of their own', () => {
  const { sample, mayKeep, counted } = samplingOf('always_on');
  while (sample(undefined, undefined));
  const kept = Array.from({ length: 30 }, () => mayKeep('error')).filter(Boolean).length;
  assert.is(kept, 10);
  assert.is(counted('error'), 10);
});
