import { metricList } from './metrics/metric-list.ts';
import type { Histogram, Registry } from './metrics/registry.ts';
import type { Attributes, OpenSpan, Tracer } from './traces/tracing.ts';

interface HttpObserverOptions {
  readonly registry: Registry;
  readonly tracer?: Tracer | undefined;
  readonly slowMs: number;
}

interface Answer {
  readonly method: string;
  readonly route: string;
  /** Undefined where the client left before there was an answer. */
  readonly status: number | undefined;
}

/** Counts, times and traces HTTP requests: the RequestObserver of src/http. */
export const observeHttp = ({ registry, tracer, slowMs }: HttpObserverOptions) => {
  const acceptance = registry.histogram(metricList.stage, 'accept');
  return {
    slowMs,
    accepted: (elapsedMs: number): void => acceptance.observe(elapsedMs / 1_000),
    counterOf: (method: string, route: string) => countAnswers(registry, method, route),
    ...(tracer && { traces: requestTraces(tracer) }),
  };
};

const countAnswers = (registry: Registry, method: string, route: string) => {
  const byStatus = new Map<number, Histogram>();
  return (status: number, elapsedMs: number, traceId: string | undefined): void => {
    let histogram = byStatus.get(status);
    if (!histogram) {
      histogram = registry.histogram(metricList.httpDuration, method, route, status);
      byStatus.set(status, histogram);
    }
    histogram.observe(elapsedMs / 1_000);
    if (traceId !== undefined) histogram.exemplify(elapsedMs / 1_000, traceId, Date.now());
  };
};

const requestTraces = (tracer: Tracer) => ({
  begin: (traceparent: unknown, tracestate: unknown) => {
    const sampled = tracer.sample(traceparent, tracestate);
    return sampled && started(tracer, tracer.nowMs(), sampled.parent);
  },
  keep: (cause: 'error' | 'slow', elapsedMs: number) =>
    tracer.mayKeep(cause) ? started(tracer, tracer.nowMs() - elapsedMs, undefined, cause) : undefined,
});

const started = (
  tracer: Tracer,
  startMs: number,
  parent: Parameters<Tracer['spans']['start']>[0]['parent'],
  kept?: string,
) => {
  // The route is known only at the end; until then the span has this name.
  const span = tracer.spans.start({ name: 'HTTP', kind: 'server', startMs, parent });
  return { context: span.context, end: (answer: Answer): void => endRequest(span, answer, { tracer, kept }) };
};

const endRequest = (
  span: OpenSpan,
  { method, route, status }: Answer,
  { tracer, kept }: { readonly tracer: Tracer; readonly kept: string | undefined },
): void => {
  const isOurs = status !== undefined && status >= 500;
  const attributes: Attributes = {
    'http.request.method': method,
    'http.route': route || undefined,
    'http.response.status_code': status,
    'url.scheme': 'http',
    'onsale.kept': kept,
    'error.type': isOurs ? String(status) : status === undefined ? 'client-left' : undefined,
  };
  span.end({
    name: route ? `${method} ${route}` : method,
    endMs: tracer.nowMs(),
    attributes,
    error: isOurs ? `answered ${status}` : undefined,
  });
};
