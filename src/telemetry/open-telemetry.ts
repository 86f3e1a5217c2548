import { newRegistry, type Registry } from './metrics/registry.ts';
import { observeRuntime } from './metrics/runtime-metrics.ts';
import { newSampling, type SamplerName } from './traces/sampling.ts';
import { newSpanStore, type SpanStore } from './traces/shown-span.ts';
import type { Tracer } from './traces/tracing.ts';

export interface TelemetryOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly version: string;
  readonly roles: string;
  readonly processId: string;
  readonly sampler: SamplerName;
  readonly ratio: number;
  readonly slowMs: number;
  /** How many traces to keep in memory for the page at /traces; 0 = none. */
  readonly viewedTraces: number;
}

/** The telemetry of a process. Metrics are always counted; traces are made only where they are sent or shown. */
export interface Telemetry {
  readonly registry: Registry;
  readonly tracer?: Tracer;
  readonly spans?: SpanStore;
  readonly close: () => Promise<void>;
}

/** Loads the SDK only where something is sent or shown: loading costs tenths of a second and megabytes. */
export const openTelemetry = async (options: TelemetryOptions): Promise<Telemetry> => {
  const { environment, sampler, ratio, slowMs, viewedTraces } = options;
  const wanted = otlpSignals(environment);
  const registry = newRegistry();
  const closing: (() => void | Promise<void>)[] = [observeRuntime(registry)];
  const spans = viewedTraces > 0 ? newSpanStore(viewedTraces) : undefined;
  let tracer: Tracer | undefined;
  if (wanted.traces || wanted.metrics || spans) {
    const { startSdk } = await import('./traces/start-sdk.ts');
    const { traces: exportsTraces, metrics: exportsMetrics } = wanted;
    const sdk = startSdk({
      ...options,
      registry,
      exportsTraces,
      exportsMetrics,
      ...(spans && { store: spans }),
    });
    closing.push(sdk.close);
    if (wanted.traces || spans) {
      const monotonicMs = (): number => performance.now();
      const sampling = newSampling({ sampler, ratio, random: Math.random, monotonicMs, registry });
      tracer = { spans: sdk.spans, slowMs, nowMs: newSpanClock(), ...sampling };
    }
  }
  return {
    registry,
    ...(tracer && { tracer }),
    ...(spans && { spans }),
    close: async () => {
      await Promise.all(closing.map((close) => close()));
    },
  };
};

const setAgainMs = 10_000;

/** The wall clock with fractions of a millisecond, which Date lacks. Adjusted regularly, because the clock of the host is too. */
const newSpanClock = (): (() => number) => {
  let offsetMs = Date.now() - performance.now();
  let setAtMs = performance.now();
  return () => {
    const now = performance.now();
    if (now - setAtMs > setAgainMs) {
      offsetMs = Date.now() - now;
      setAtMs = now;
    }
    return offsetMs + now;
  };
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The signals to send, by the standard variables. */
interface OtlpSignals {
  readonly traces: boolean;
  readonly metrics: boolean;
}

/**
 * Throws for a protocol that is not supported, and names the one to use: sending no data without an error
 * would be worse.
 */
const otlpSignals = (environment: Environment): OtlpSignals => {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return { traces: false, metrics: false };
  return { traces: isWanted(environment, 'TRACES'), metrics: isWanted(environment, 'METRICS') };
};

const isWanted = (environment: Environment, signal: 'TRACES' | 'METRICS'): boolean => {
  const exporter = environment[`OTEL_${signal}_EXPORTER`] || 'otlp';
  const endpoint =
    environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!endpoint || exporter === 'none') return false;
  if (exporter !== 'otlp') throw new Error(`OTEL_${signal}_EXPORTER must be otlp or none, not ${exporter}`);
  const protocol =
    environment[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ||
    environment['OTEL_EXPORTER_OTLP_PROTOCOL'] ||
    'http/protobuf';
  if (protocol !== 'http/protobuf')
    throw new Error(`OTLP is sent as http/protobuf (usually port 4318), not as ${protocol}`);
  return true;
};
