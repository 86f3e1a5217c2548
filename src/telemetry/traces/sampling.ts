import { parseTrace } from '../../domain/trace-context.ts';
import { metricList } from '../metrics/metric-list.ts';
import { countersBy, type Registry } from '../metrics/registry.ts';
import type { Sampled, Tracer } from './tracing.ts';

/** The names of OTEL_TRACES_SAMPLER. */
export type SamplerName = `${'' | 'parentbased_'}${'traceidratio' | 'always_on' | 'always_off'}`;

export interface SamplingOptions {
  readonly sampler: SamplerName;
  /** For the samplers with a ratio. */
  readonly ratio: number;
  readonly random: () => number;
  readonly monotonicMs: () => number;
  readonly registry: Registry;
}

/** What sampling costs at the most, whoever wishes for it. */
const sampledPerSecond = 100;
/** Anybody may send `traceparent` and wish for a trace: half of the room is left for those that we chose by ratio. */
const wishedPerSecond = sampledPerSecond / 2;
/** A bad minute must not become a flood of traces that all say the same. */
const keptPerSecond = 10;

/** The decision comes first: for a request that is not sampled nothing is made. */
export const newSampling = (options: SamplingOptions): Pick<Tracer, 'sample' | 'mayKeep'> => {
  const { sampler, random, monotonicMs, registry } = options;
  const isParentBased = sampler.startsWith('parentbased_');
  const ratio = sampler.endsWith('always_on') ? 1 : sampler.endsWith('always_off') ? 0 : options.ratio;
  const count = countersBy(registry, metricList.traces);
  const sampled = newBudget(sampledPerSecond, monotonicMs);
  const wished = newBudget(wishedPerSecond, monotonicMs);
  const kept = newBudget(keptPerSecond, monotonicMs);
  const spend = (budget: () => boolean, why: string): boolean => {
    const has = budget();
    count(has ? why : 'dropped').value += 1;
    return has;
  };
  const mayChoose = (): boolean => spend(sampled, 'sampled');
  const mayWish = (): boolean => spend(() => wished() && sampled(), 'sampled');
  return {
    sample: (traceparent, tracestate) => {
      const parent = traceparent === undefined ? undefined : parseTrace(traceparent, tracestate);
      const isKept = parent && isParentBased ? parent.sampled && mayWish() : random() < ratio && mayChoose();
      return isKept ? under(parent) : undefined;
    },
    mayKeep: (cause) => spend(kept, cause),
  };
};

const under = (parent: ReturnType<typeof parseTrace>): Sampled => {
  if (!parent) return {};
  const { sampled: _sampled, ...context } = parent;
  return { parent: context };
};

/** So many a second, and a second's worth at once. */
const newBudget = (perSecond: number, monotonicMs: () => number): (() => boolean) => {
  let left = perSecond;
  let filledAtMs = monotonicMs();
  return () => {
    const now = monotonicMs();
    left = Math.min(perSecond, left + ((now - filledAtMs) / 1_000) * perSecond);
    filledAtMs = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
};
