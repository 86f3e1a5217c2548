import type { Metric } from './metric.ts';

/** Held by the hot path itself, so that counting is one addition without a look-up. */
export interface Counter {
  value: number;
}

export interface Exemplar {
  readonly traceId: string;
  readonly value: number;
  readonly atMs: number;
}

export interface Histogram {
  /** Counts per bucket, not cumulative; the last bucket is for values above all bounds. */
  readonly counts: Float64Array;
  sum: number;
  /** The latest kept trace of each bucket. */
  readonly exemplars: (Exemplar | undefined)[];
  /** `times`: the number of entries of a batch that went through a stage together. */
  observe(value: number, times?: number): void;
  exemplify(value: number, traceId: string, atMs: number): void;
}

export type Labels = readonly (string | number)[];

export type Point =
  | { readonly labels: Labels; readonly value: number }
  | { readonly labels: Labels; readonly histogram: Histogram };

/** A metric and its present points. */
export interface MetricPoints {
  readonly metric: Metric;
  readonly points: readonly Point[];
}

export interface Registry {
  /** The counter for these label values, in the order of the labels of the metric; the same object every time. */
  counter(metric: Metric, ...labels: Labels): Counter;
  histogram(metric: Metric, ...labels: Labels): Histogram;
  /** Called at every collection. Several callbacks may contribute points to one metric. */
  gauge(metric: Metric, read: () => readonly GaugePoint[]): void;
  collect(): readonly MetricPoints[];
}

export interface GaugePoint {
  readonly labels?: Labels;
  readonly value: number;
}

interface Family {
  readonly counters: Map<string, { readonly labels: Labels; readonly cell: Counter }>;
  readonly histograms: Map<string, { readonly labels: Labels; readonly cell: Histogram }>;
  readonly gauges: (() => readonly GaugePoint[])[];
}

const newFamily = (): Family => ({ counters: new Map(), histograms: new Map(), gauges: [] });

/** Metrics are made at first use, so a process shows only those that concern it. */
export const newRegistry = (): Registry => {
  const families = new Map<Metric, Family>();
  const familyOf = (metric: Metric): Family => {
    const known = families.get(metric) ?? newFamily();
    families.set(metric, known);
    return known;
  };
  return {
    counter: (metric, ...labels) => cellOf(familyOf(metric).counters, labels, (): Counter => ({ value: 0 })),
    histogram: (metric, ...labels) =>
      cellOf(familyOf(metric).histograms, labels, () => newHistogram(metric.bounds ?? [])),
    gauge: (metric, read) => {
      familyOf(metric).gauges.push(read);
    },
    collect: () => [...families].map(([metric, family]) => ({ metric, points: pointsOf(family) })),
  };
};

const cellOf = <Cell>(
  cells: Map<string, { readonly labels: Labels; readonly cell: Cell }>,
  labels: Labels,
  make: () => Cell,
): Cell => {
  const key = labels.join('\u0000');
  const known = cells.get(key) ?? { labels, cell: make() };
  cells.set(key, known);
  return known.cell;
};

const pointsOf = ({ counters, histograms, gauges }: Family): readonly Point[] => [
  ...[...counters.values()].map(({ labels, cell }) => ({ labels, value: cell.value })),
  ...[...histograms.values()].map(({ labels, cell }) => ({ labels, histogram: cell })),
  ...gauges.flatMap((read) => read().map(({ labels = [], value }) => ({ labels, value }))),
];

const newHistogram = (bounds: readonly number[]): Histogram => {
  const counts = new Float64Array(bounds.length + 1);
  const exemplars: (Exemplar | undefined)[] = Array(bounds.length + 1).fill(undefined);
  const edges = Float64Array.from(bounds);
  const bucketOf = (value: number): number => {
    let bucket = 0;
    while (bucket < edges.length && value > (edges[bucket] ?? 0)) bucket += 1;
    return bucket;
  };
  const histogram: Histogram = {
    counts,
    sum: 0,
    exemplars,
    observe: (value, times = 1) => {
      const bucket = bucketOf(value);
      counts[bucket] = (counts[bucket] ?? 0) + times;
      histogram.sum += value * times;
    },
    exemplify: (value, traceId, atMs) => {
      exemplars[bucketOf(value)] = { traceId, value, atMs };
    },
  };
  return histogram;
};

/** Counters by a value that differs between calls, such as a reason; looked up without building a string. */
export const countersBy = (registry: Registry, metric: Metric): ((label: string) => Counter) => {
  const known = new Map<string, Counter>();
  for (const value of metric.values ?? []) known.set(value, registry.counter(metric, value));
  return (label) => {
    const counter = known.get(label) ?? registry.counter(metric, label);
    known.set(label, counter);
    return counter;
  };
};
