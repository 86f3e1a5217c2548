import { metricList } from '../../../src/telemetry/metrics/metric-list.ts';
import { newRegistry } from '../../../src/telemetry/metrics/registry.ts';
import { newSampling, type SamplerName } from '../../../src/telemetry/traces/sampling.ts';
import { worstTexts } from '../../http/worst-texts.ts';
import { assert, suite } from '../../support/suite.ts';

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

test('a hundred a second are kept, senders who wish for every trace get half of them, and the rest is counted', () => {
  const { sample, clock, counted } = samplingOf('parentbased_traceidratio', { ratio: 1 });
  const burst = (traceparent: string | undefined) =>
    Array.from({ length: 250 }, () => sample(traceparent, undefined)).filter(Boolean).length;
  assert.equal([burst(wanted), burst(undefined)], [50, 50]);
  clock.nowMs += 500;
  assert.equal([burst(wanted), burst(undefined)], [25, 25]);
  clock.nowMs += 500;
  assert.equal([burst(undefined), burst(wanted)], [50, 0]);
  assert.is(counted('sampled'), 200);
  assert.is(counted('dropped'), 1_300);
});

test('beside a flood of wishes for traces, what the ratio chose keeps its share second by second', () => {
  const { sample, clock } = samplingOf('parentbased_traceidratio', { ratio: 1 });
  for (let second = 0; second < 5; second += 1) {
    const kept = { own: 0, wished: 0 };
    const count = (whose: keyof typeof kept, traceparent: string | undefined): void => {
      if (sample(traceparent, undefined)) kept[whose] += 1;
    };
    for (let ms = 0; ms < 1_000; ms += 1) {
      clock.nowMs += 1;
      for (let n = 0; n < 5; n += 1) count('wished', wanted);
      // Sampled by the ratio: forty a second.
      if (ms % 25 === 0) count('own', undefined);
    }
    assert.is(kept.own, 40, `second ${second}`);
    assert.ok(kept.wished <= (second === 0 ? 100 : 51), `${kept.wished} in second ${second}`);
  }
});

test('contexts made to be slow, long or nearly right are none, and cost nothing', () => {
  const { sample, clock } = samplingOf('parentbased_traceidratio', { ratio: 0 });
  const broken = [
    `${wanted}-${'x'.repeat(15_000)}`,
    `${wanted}, ${wanted}`,
    wanted.toUpperCase(),
    ` ${wanted}`,
    `ff${wanted.slice(2)}`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    '',
  ];
  for (const traceparent of [...broken, ...worstTexts()])
    assert.is(sample(traceparent, undefined), undefined, traceparent.slice(0, 60));
  for (const tracestate of [...worstTexts(), 'a=\u00e9', '']) {
    clock.nowMs += 1_000;
    assert.equal(sample(wanted, tracestate), { parent: { traceId, spanId } }, tracestate.slice(0, 20));
  }
});

test('errors and slow ones have a budget of their own', () => {
  const { sample, mayKeep, counted } = samplingOf('always_on');
  while (sample(undefined, undefined));
  const kept = Array.from({ length: 30 }, () => mayKeep('error')).filter(Boolean).length;
  assert.is(kept, 10);
  assert.is(counted('error'), 10);
});
