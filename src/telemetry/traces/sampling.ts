import { parseTrace } from '../../domain/trace-context.ts';
import { metricList } from '../metrics/metric-list.ts';
import { countersBy, type Registry } from '../metrics/registry.ts';
import type { Tracer, TraceStart } from './tracing.ts';

/** The names of OTEL_TRACES_SAMPLER. */
export type SamplerName = `${'' | 'parentbased_'}${'traceidratio' | 'always_on' | 'always_off'}`;

export interface SamplingOptions {
  readonly sampler: SamplerName;
  /** Used by the samplers with a ratio. */
  readonly ratio: number;
  readonly random: () => number;
  readonly monotonicMs: () => number;
  readonly registry: Registry;
}

/** The limit for sampled traces, from all callers together. */
const sampledPerSecond = 100;
/** Anybody may ask for a trace by `traceparent`, so half of the limit is reserved for traces sampled by ratio. */
const wishedPerSecond = sampledPerSecond / 2;
/** During an outage many requests are slow or fail; their traces would be many and alike. */
const keptPerSecond = 10;

/** Decides before anything is made, so a request that is not sampled costs nothing. */
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

const under = (parent: ReturnType<typeof parseTrace>): TraceStart => {
  if (!parent) return {};
  const { sampled: _sampled, ...context } = parent;
  return { parent: context };
};

/** Allows `perSecond` a second, and as many in one burst. */
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
