import { parseTrace, type TraceContext, traceparentOf } from '../../domain/trace-context.ts';
import type { RequestReading } from './request-reading.ts';

interface TraceWire {
  readonly traceparent?: unknown;
  readonly tracestate?: unknown;
}

export const traceOnWire = (trace: TraceContext): TraceWire => ({
  traceparent: traceparentOf(trace),
  ...(trace.state !== undefined && { tracestate: trace.state }),
});

/** Most entries carry no trace and are read without a copy. */
export const carriesTrace = (wire: object): wire is TraceWire =>
  'traceparent' in wire || 'tracestate' in wire;

export const withoutTrace = ({ traceparent: _parent, tracestate: _state, ...wire }: TraceWire): object =>
  wire;

/** The request with its trace. A trace that cannot be read is left out: no reservation may depend on it. */
export const withTrace = (reading: RequestReading, wire: TraceWire): RequestReading => {
  const parsed = parseTrace(wire.traceparent, wire.tracestate);
  if (reading.type !== 'request' || !parsed?.sampled) return reading;
  const { sampled: _sampled, ...trace } = parsed;
  return { type: 'request', request: { ...reading.request, trace } };
};
