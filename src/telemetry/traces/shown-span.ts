import { BoundedMap } from '../../shared/bounded-map.ts';

/** A span as it is shown on this machine, and handed from process to process. */
export interface ShownSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Traces it has something to do with. */
  readonly links: readonly string[];
  readonly error?: string;
  /** The roles of the process it is of. */
  readonly process: string;
}

/** The latest traces of this process, in memory. */
export interface SpanStore {
  add(span: ShownSpan): void;
  all(): readonly ShownSpan[];
}

const spansOfTraceMax = 200;

/** At most `traces` of them, the oldest going first; of each at most two hundred spans. */
export const newSpanStore = (traces: number): SpanStore => {
  const byTrace = new BoundedMap<string, ShownSpan[]>(traces);
  return {
    add: (span) => {
      const known = byTrace.get(span.traceId);
      if (known === undefined) byTrace.set(span.traceId, [span]);
      else if (known.length < spansOfTraceMax) known.push(span);
    },
    all: () => [...byTrace.values()].flat(),
  };
};

/** Trusts the shape: it comes from another process of the same build, on this machine. */
export const parseShownSpans = (json: string): readonly ShownSpan[] => {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? (value as readonly ShownSpan[]) : [];
};
