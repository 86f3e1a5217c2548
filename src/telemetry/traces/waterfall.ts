import type { ShownSpan } from './shown-span.ts';

/** A span with its position in the diagram of its trace. */
export interface Row {
  readonly span: ShownSpan;
  readonly depth: number;
  /** Since the beginning of the trace. */
  readonly startMs: number;
  readonly durationMs: number;
  /** As a share of the whole trace, 0..1. */
  readonly left: number;
  readonly width: number;
}

export interface Waterfall {
  readonly traceId: string;
  readonly startedMs: number;
  readonly totalMs: number;
  /** The oldest first; each span follows its parent. */
  readonly rows: readonly Row[];
  /** Traces of batches that are linked to it. */
  readonly related: readonly string[];
}

/** Finds a trace by its own id or by the id of a request in it, in upper or lower case; undefined when none is kept. */
export const findTrace = (spans: readonly ShownSpan[], given: string): string | undefined => {
  const id = given.toLowerCase();
  if (spans.some(({ traceId }) => traceId === id)) return id;
  return spans.find(({ attributes }) => attributes['onsale.request.id'] === id)?.traceId;
};

export const waterfallOf = (spans: readonly ShownSpan[], traceId: string): Waterfall => {
  const own = spans.filter((span) => span.traceId === traceId).sort((a, b) => a.startMs - b.startMs);
  const startedMs = Math.min(...own.map(({ startMs }) => startMs));
  const totalMs = Math.max(...own.map(({ endMs }) => endMs)) - startedMs;
  const rows = inOrder(own).map(({ span, depth }) => {
    const [startMs, durationMs] = [span.startMs - startedMs, span.endMs - span.startMs];
    const whole = Math.max(totalMs, Number.MIN_VALUE);
    return { span, depth, startMs, durationMs, left: startMs / whole, width: durationMs / whole };
  });
  const related = spans.filter(({ links }) => links.includes(traceId)).map((span) => span.traceId);
  return { traceId, startedMs, totalMs, rows, related: [...new Set(related)] };
};

interface NestedSpan {
  readonly span: ShownSpan;
  readonly depth: number;
}

/** A span whose parent is not here (a span of another service, or one that was not kept) is shown as a root. */
const inOrder = (spans: readonly ShownSpan[]): readonly NestedSpan[] => {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const under = (parentId: string | undefined, depth: number): readonly NestedSpan[] =>
    spans
      .filter((span) => (ids.has(span.parentId ?? '') ? span.parentId : undefined) === parentId)
      .flatMap((span) => [{ span, depth }, ...under(span.spanId, depth + 1)]);
  return under(undefined, 0);
};

export interface Headline {
  readonly traceId: string;
  readonly name: string;
  readonly startedMs: number;
  readonly totalMs: number;
  readonly spans: number;
  readonly failed: boolean;
}

/** All traces except those of batches, the latest first. */
export const headlinesOf = (spans: readonly ShownSpan[]): readonly Headline[] => {
  const byTrace = new Map<string, ShownSpan[]>();
  for (const span of spans) byTrace.set(span.traceId, [...(byTrace.get(span.traceId) ?? []), span]);
  return [...byTrace.values()]
    .filter((all) => !all.some(({ links }) => links.length > 0))
    .map((all) => {
      const { traceId, startedMs, totalMs, rows } = waterfallOf(all, all[0]?.traceId ?? '');
      const failed = all.some(({ error }) => error !== undefined);
      return { traceId, startedMs, totalMs, failed, name: rows[0]?.span.name ?? '', spans: all.length };
    })
    .sort((a, b) => b.startedMs - a.startedMs);
};

export const msText = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0));
