import type { TraceContext } from '../../domain/trace-context.ts';

/** Times are ms since the epoch, with fractions. */
export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  readonly startMs: number;
  /** A trace begins where there is none. */
  readonly parent?: TraceContext | undefined;
  readonly links?: readonly TraceContext[];
}

export interface SpanEnd {
  /** Where the right one was not known at the start. */
  readonly name?: string;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** Why the span is one of an error. */
  readonly error?: string | undefined;
}

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** For work that others have to name as their cause before it has ended. */
export interface OpenSpan {
  readonly context: TraceContext;
  end(end: SpanEnd): void;
}

/** Keeps whatever it is told. What is worth telling was decided before. */
export interface Spans {
  start(span: SpanStart): OpenSpan;
}

/** A span that is over already, as most are that are told of at all. */
export const record = (
  spans: Spans,
  { endMs, attributes, error, ...start }: SpanStart & SpanEnd,
): TraceContext => {
  const span = spans.start(start);
  span.end({ endMs, attributes, error });
  return span.context;
};

/** Why a trace is kept that was not sampled. */
export type Cause = 'error' | 'slow' | 'parked';

/** What a process that keeps traces has at hand; a process that keeps none has none of it. */
export interface Tracer {
  readonly spans: Spans;
  /** How long a request may take before its trace is kept in any case. */
  readonly slowMs: number;
  nowMs(): number;
  /** Asked once a request, before anything is made for it. */
  sample(traceparent: unknown, tracestate: unknown): Sampled | undefined;
  /** Whether there is room for a trace that was not sampled. */
  mayKeep(cause: Cause): boolean;
}

export interface Sampled {
  readonly parent?: TraceContext;
}
