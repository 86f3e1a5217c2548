import { type Metric, prometheusName } from './metric.ts';
import type { Exemplar, Histogram, Labels, MetricPoints, Point } from './registry.ts';

/** Only OpenMetrics has exemplars; the scraper asks for a format. */
export type Format = 'openmetrics' | 'prometheus';

export const contentTypes: Readonly<Record<Format, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
};

export const formatFor = (accept: string | undefined): Format =>
  accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus';

/** Labels of every sample, which name the process. */
export type CommonLabels = Readonly<Record<string, string>>;

/** The complete answer to a scrape. */
export const exposition = (
  collected: readonly MetricPoints[],
  { format, common }: { readonly format: Format; readonly common: CommonLabels },
): string => {
  const families = collected.map((family) => familyText(family, format, common));
  return `${families.join('')}${format === 'openmetrics' ? '# EOF\n' : ''}`;
};

const familyText = ({ metric, points }: MetricPoints, format: Format, common: CommonLabels): string => {
  const sample = prometheusName(metric);
  // OpenMetrics names the family without the suffix of its samples.
  const family = format === 'openmetrics' ? sample.replace(/_total$/, '') : sample;
  const unit = format === 'openmetrics' ? unitText(family) : '';
  const lines = points.map((point) => pointText(sample, { metric, point, format, common }));
  return `# HELP ${family} ${helpText(metric.help)}\n# TYPE ${family} ${metric.type}\n${unit}${lines.join('')}`;
};

const unitText = (family: string): string => {
  const unit = /_(seconds|bytes|ratio)$/.exec(family)?.[1];
  return unit === undefined ? '' : `# UNIT ${family} ${unit}\n`;
};

interface SampleContext {
  readonly metric: Metric;
  readonly point: Point;
  readonly format: Format;
  readonly common: CommonLabels;
}

const pointText = (sample: string, context: SampleContext): string => {
  const { metric, point, common } = context;
  const labels = labelText(metric, point.labels, common);
  return 'histogram' in point
    ? histogramText(sample, labels, point.histogram, context)
    : `${sample}${braced(labels)} ${numberText(point.value)}\n`;
};

const histogramText = (
  sample: string,
  labels: string,
  { counts, sum, exemplars }: Histogram,
  { metric, format }: SampleContext,
): string => {
  let count = 0;
  const buckets = [...counts].map((inBucket, index) => {
    count += inBucket;
    const edge = metric.bounds?.[index];
    const le = edge === undefined ? '+Inf' : edgeText(edge);
    const exemplar = format === 'openmetrics' ? exemplarText(exemplars[index]) : '';
    return `${sample}_bucket${braced(joined(labels, `le="${le}"`))} ${count}${exemplar}\n`;
  });
  return `${buckets.join('')}${sample}_sum${braced(labels)} ${numberText(sum)}\n${sample}_count${braced(labels)} ${count}\n`;
};

const exemplarText = (exemplar: Exemplar | undefined): string =>
  exemplar
    ? ` # {trace_id="${exemplar.traceId}"} ${numberText(exemplar.value)} ${(exemplar.atMs / 1_000).toFixed(3)}`
    : '';

const labelText = ({ labels }: Metric, values: Labels, common: CommonLabels): string =>
  [...Object.entries(common), ...labels.map((label, index) => [label, values[index]] as const)]
    .map(([label, value]) => `${label.replaceAll('.', '_')}="${escaped(String(value ?? ''))}"`)
    .join(',');

const joined = (labels: string, more: string): string => (labels === '' ? more : `${labels},${more}`);
const braced = (labels: string): string => (labels === '' ? '' : `{${labels}}`);
const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const helpText = (help: string): string => help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
/** OpenMetrics requires the bounds of buckets as floats. */
const edgeText = (edge: number): string => (Number.isInteger(edge) ? `${edge}.0` : String(edge));
const numberText = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? '+Inf' : value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
