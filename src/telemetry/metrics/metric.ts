/** The definition of a metric. docs/reference/telemetry.md shows it, and a test compares the two. */
export interface Metric {
  /** The name in OpenTelemetry; the Prometheus name is derived from it and from the unit. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** In UCUM: s, By, 1 for ratios; the name of a counted thing is in braces. */
  readonly unit: string;
  /** Only labels with few values: never an id of a customer, show, reservation or trace. */
  readonly labels: readonly string[];
  readonly help: string;
  /**
   * Known values of a single label. They are reported as 0 from the start, so that the first event is seen as
   * an increase.
   */
  readonly values?: readonly string[];
  /** Upper edges of a histogram's buckets. */
  readonly bounds?: readonly number[];
}

/** Prometheus allows fewer characters, and requires the unit and `_total` for counters in the name. */
export const prometheusName = ({ name, type, unit }: Metric): string => {
  const suffix = { s: '_seconds', By: '_bytes', '1': type === 'gauge' ? '_ratio' : '' }[unit] ?? '';
  const base = name.replaceAll('.', '_');
  return `${base}${base.endsWith(suffix) || unitless.has(name) ? '' : suffix}${type === 'counter' ? '_total' : ''}`;
};

/** Metrics without a single unit: a bound is in entries, seconds or a ratio; an owner is 1 or absent. */
const unitless: ReadonlySet<string> = new Set([
  'onsale.bound.used',
  'onsale.bound.limit',
  'onsale.lease.owner',
]);
