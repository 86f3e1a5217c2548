import type { TraceContext } from '../../domain/trace-context.ts';

/** Times are ms since the epoch, with fractions. */
export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  readonly startMs: number;
  /** Without a parent the span begins a new trace. */
  readonly parent?: TraceContext | undefined;
  readonly links?: readonly TraceContext[];
}

export interface SpanEnd {
  /** Replaces a name that could not be final at the start. */
  readonly name?: string;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** Why the span failed; absent where it did not. */
  readonly error?: string | undefined;
}

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** For work that others name as their parent before it ends. */
export interface OpenSpan {
  readonly context: TraceContext;
  end(end: SpanEnd): void;
}

/** Keeps every span it gets; sampling was decided before. */
export interface Spans {
  start(span: SpanStart): OpenSpan;
}

/** Records a span that is already over, as most are. */
export const record = (
  spans: Spans,
  { endMs, attributes, error, ...start }: SpanStart & SpanEnd,
): TraceContext => {
  const span = spans.start(start);
  span.end({ endMs, attributes, error });
  return span.context;
};

/** Why a trace is kept although it was not sampled. */
export type Cause = 'error' | 'slow' | 'parked';

/** Exists only in a process that keeps traces. */
export interface Tracer {
  readonly spans: Spans;
  /** A request that takes longer has its trace kept in any case. */
  readonly slowMs: number;
  nowMs(): number;
  /** Called once per request, before anything is made for it; undefined when the request is not sampled. */
  sample(traceparent: unknown, tracestate: unknown): TraceStart | undefined;
  /** Whether the budget allows one more trace that was not sampled. */
  mayKeep(cause: Cause): boolean;
}

export interface TraceStart {
  readonly parent?: TraceContext;
}
