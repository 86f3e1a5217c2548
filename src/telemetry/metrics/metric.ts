/** What a metric is, to whoever reads its figures. docs/reference/telemetry.md says the same, and a test compares. */
export interface Metric {
  /** As OpenTelemetry has it; Prometheus' name is made of it and the unit. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** UCUM: s, By, 1 for shares; in braces what is counted. */
  readonly unit: string;
  /** Each of them with few values: never an id of a customer, show, reservation or trace. */
  readonly labels: readonly string[];
  readonly help: string;
  /** Values the one label is known to have: told from the start, so that the first of its kind is seen as a rise. */
  readonly values?: readonly string[];
  /** Upper edges of a histogram's buckets. */
  readonly bounds?: readonly number[];
}

/** Prometheus wants other characters, the unit in the name, and to see what is a counter. */
export const prometheusName = ({ name, type, unit }: Metric): string => {
  const suffix = { s: '_seconds', By: '_bytes', '1': type === 'gauge' ? '_ratio' : '' }[unit] ?? '';
  const base = name.replaceAll('.', '_');
  return `${base}${base.endsWith(suffix) || unitless.has(name) ? '' : suffix}${type === 'counter' ? '_total' : ''}`;
};

/** Of no one unit: a bound is entries, seconds or a share; an owner is one or none. */
const unitless: ReadonlySet<string> = new Set([
  'onsale.bound.used',
  'onsale.bound.limit',
  'onsale.lease.owner',
]);
