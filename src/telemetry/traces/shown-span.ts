import { BoundedMap } from '../../shared/bounded-map.ts';

/** A span as the page at /traces shows it; processes of one machine exchange it as JSON. */
export interface ShownSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The traces it is linked to. */
  readonly links: readonly string[];
  readonly error?: string;
  /** The roles of its process. */
  readonly process: string;
}

/** The latest traces of this process, in memory. */
export interface SpanStore {
  add(span: ShownSpan): void;
  all(): readonly ShownSpan[];
}

const spansOfTraceMax = 200;

/** Keeps at most `traces` traces and evicts the oldest; at most two hundred spans of each. */
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

/** Does not check the shape: the JSON comes from another process of the same build on this machine. */
export const parseShownSpans = (json: string): readonly ShownSpan[] => {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? (value as readonly ShownSpan[]) : [];
};
