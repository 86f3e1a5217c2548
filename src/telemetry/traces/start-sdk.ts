import {
  type Context,
  type ContextManager,
  createTraceState,
  type HrTime,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { TraceContext } from '../../domain/trace-context.ts';
import { inTime } from '../../shared/in-time.ts';
import { newMetricReader, positive } from '../metrics/export-metrics.ts';
import type { Registry } from '../metrics/registry.ts';
import type { SpanStore } from './shown-span.ts';
import type { OpenSpan, SpanStart, Spans } from './tracing.ts';

export interface SdkOptions {
  readonly version: string;
  readonly roles: string;
  readonly processId: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly registry: Registry;
  readonly exportsTraces: boolean;
  readonly exportsMetrics: boolean;
  /** Keeps spans for the page at /traces. */
  readonly store?: SpanStore;
}

export interface Sdk {
  readonly spans: Spans;
  /** Sends the remaining data, unless that takes too long. */
  readonly close: () => Promise<void>;
}

const closeMsMax = 3_000;

/**
 * Starts the SDK without instrumentations and without context propagation: spans are recorded explicitly, and
 * AsyncLocalStorage would make every promise of the process slower. This module is loaded only where something is sent or
 * shown.
 */
export const startSdk = (options: SdkOptions): Sdk => {
  const { version, exportsTraces, exportsMetrics, environment, store, roles } = options;
  const resource = resourceOf(options);
  const spanProcessors: SpanProcessor[] = [
    ...(exportsTraces
      ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), ...batchingIn(environment) })]
      : []),
    ...(store ? [keepIn(store, roles)] : []),
  ];
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    // Sampling has been decided before a span is made.
    sampler: new AlwaysOnSampler(),
    spanProcessors,
    metricReaders: exportsMetrics ? [newMetricReader({ ...options, resource })] : [],
    logRecordProcessors: [],
    contextManager: noContext,
    textMapPropagator: null,
  });
  sdk.start();
  const tracer = trace.getTracer('onsale', version);
  const start = ({ name, kind, startMs, parent, links = [] }: SpanStart): OpenSpan => {
    const span = tracer.startSpan(
      name,
      {
        kind: kinds[kind],
        startTime: hrTime(startMs),
        links: links.map((link) => ({ context: spanContextOf(link) })),
      },
      contextUnder(parent),
    );
    const { traceId, spanId, traceState } = span.spanContext();
    const state = traceState?.serialize();
    return {
      context: { traceId, spanId, ...(state && { state }) },
      end: ({ name: finalName, endMs, attributes, error }) => {
        if (finalName !== undefined) span.updateName(finalName);
        span.setAttributes(attributes);
        if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
        span.end(hrTime(endMs));
      },
    };
  };
  return { spans: { start }, close: () => shutDown(sdk) };
};

const noContext: ContextManager = {
  active: () => ROOT_CONTEXT,
  with: (_context, work, self, ...args) => work.apply(self, args),
  bind: (_context, target) => target,
  enable: () => noContext,
  disable: () => noContext,
};

/** The resource of traces and metrics; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence. */
const resourceOf = ({
  version,
  roles,
  processId,
}: Pick<SdkOptions, 'version' | 'roles' | 'processId'>): Resource => {
  const ours = {
    'service.name': 'onsale',
    'service.version': version,
    'service.instance.id': processId,
    'onsale.roles': roles,
    'process.pid': process.pid,
  };
  const fromEnvironment = detectResources({ detectors: [envDetector] });
  return defaultResource().merge(resourceFromAttributes(ours)).merge(fromEnvironment);
};

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const satisfies Record<SpanStart['kind'], SpanKind>;

const spanContextOf = ({ traceId, spanId, state }: TraceContext) => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  ...(state !== undefined && { traceState: createTraceState(state) }),
});

const contextUnder = (parent: TraceContext | undefined): Context =>
  parent ? trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent)) : ROOT_CONTEXT;

/** As seconds and nanoseconds: the SDK takes a small plain number for a value of performance.now(). */
const hrTime = (ms: number): HrTime => {
  const wholeSeconds = Math.floor(ms / 1_000);
  return [wholeSeconds, Math.round((ms - wholeSeconds * 1_000) * 1e6)];
};

/** The SDK leaves these variables to the program; the defaults are those of the SDK. */
const batchingIn = (environment: NodeJS.ProcessEnv) => ({
  scheduledDelayMillis: positive(environment['OTEL_BSP_SCHEDULE_DELAY']) ?? 5_000,
  maxQueueSize: positive(environment['OTEL_BSP_MAX_QUEUE_SIZE']) ?? 2_048,
  maxExportBatchSize: positive(environment['OTEL_BSP_MAX_EXPORT_BATCH_SIZE']) ?? 512,
  exportTimeoutMillis: positive(environment['OTEL_BSP_EXPORT_TIMEOUT']) ?? 30_000,
});

const keepIn = (store: SpanStore, process: string): SpanProcessor => ({
  onStart: () => undefined,
  onEnd: (span) => store.add(shown(span, process)),
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
});

const shown = (span: ReadableSpan, process: string) => ({
  traceId: span.spanContext().traceId,
  spanId: span.spanContext().spanId,
  ...(span.parentSpanContext && { parentId: span.parentSpanContext.spanId }),
  name: span.name,
  kind: SpanKind[span.kind].toLowerCase(),
  startMs: msOf(span.startTime),
  endMs: msOf(span.endTime),
  attributes: span.attributes,
  links: [...new Set(span.links.map(({ context }) => context.traceId))],
  ...(span.status.code === SpanStatusCode.ERROR && { error: span.status.message ?? 'error' }),
  process,
});

const msOf = ([wholeSeconds, nanoseconds]: HrTime): number => wholeSeconds * 1_000 + nanoseconds / 1e6;

/** The receiver may be unavailable, and stopping must not wait for it. */
const shutDown = (sdk: NodeSDK): Promise<void> =>
  inTime(sdk.shutdown(), { limitMs: closeMsMax, message: 'telemetry was not sent in time' }).catch(
    () => undefined,
  );
