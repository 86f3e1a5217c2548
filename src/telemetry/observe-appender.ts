import { requestIdOf } from '../domain/requests.ts';
import type { AppendVerdict, RequestAppender } from '../log/contract.ts';
import { metricList } from './metrics/metric-list.ts';
import { countersBy, type Registry } from './metrics/registry.ts';
import type { OpenSpan, Tracer } from './traces/tracing.ts';

interface AppenderObserverOptions {
  readonly registry: Registry;
  readonly tracer?: Tracer | undefined;
  readonly appendsInFlightMax: number;
  /** Called for each append that is certainly not on the stream. */
  readonly onRefused: (why: string) => void;
}

/** The same appender, counted and timed. A traced request gets a `send` span, and the entry carries the context of that span. */
export const observeAppender = (
  inner: RequestAppender,
  { registry, tracer, appendsInFlightMax, onRefused }: AppenderObserverOptions,
): RequestAppender => {
  const duration = registry.histogram(metricList.stage, 'append');
  const verdicts = countersBy(registry, metricList.appends);
  let inFlight = 0;
  registry.gauge(metricList.boundUsed, () => [{ labels: ['appends_in_flight'], value: inFlight }]);
  registry.gauge(metricList.boundLimit, () => [{ labels: ['appends_in_flight'], value: appendsInFlightMax }]);

  const append: RequestAppender['append'] = async (partition, request, claiming) => {
    const began = performance.now();
    const span = request.trace && tracer && startSend(tracer, request.trace);
    inFlight += 1;
    try {
      const traced = span ? { ...request, trace: span.context } : request;
      const verdict = await inner.append(partition, traced, claiming);
      verdicts(verdict.type).value += 1;
      if (verdict.type === 'refused') onRefused(verdict.why);
      if (span) endSend(span, tracer, { partition, verdict, requestId: requestIdOf(request) });
      return verdict;
    } finally {
      inFlight -= 1;
      const seconds = (performance.now() - began) / 1_000;
      duration.observe(seconds);
      if (span) duration.exemplify(seconds, span.context.traceId, Date.now());
    }
  };
  return { append };
};

const startSend = (tracer: Tracer, parent: Parameters<Tracer['spans']['start']>[0]['parent']): OpenSpan =>
  tracer.spans.start({ name: 'send requests', kind: 'producer', startMs: tracer.nowMs(), parent });

interface SendResult {
  readonly partition: number;
  readonly verdict: AppendVerdict;
  readonly requestId: string;
}

const endSend = (span: OpenSpan, tracer: Tracer, { partition, verdict, requestId }: SendResult): void =>
  span.end({
    endMs: tracer.nowMs(),
    attributes: {
      ...requestsDestination(partition),
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.message.id': verdict.type === 'appended' ? verdict.streamId : undefined,
      'onsale.request.id': requestId,
      'onsale.append.verdict': verdict.type,
    },
    error: 'why' in verdict ? verdict.why : undefined,
  });

/** The stream of a partition in the terms of the conventions for messaging. */
export const requestsDestination = (partition: number) => ({
  'messaging.system': 'redis',
  'messaging.destination.name': 'requests',
  'messaging.destination.partition.id': String(partition),
});
