import { type Metric, prometheusName } from '../../src/telemetry/metrics/metric.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';

const rowOf = (metric: Metric): string => {
  const { name, type, unit, labels, help } = metric;
  const named = labels.map((label) => `\`${label.replaceAll('.', '_')}\``).join(', ');
  return `| \`${prometheusName(metric)}\` | \`${name}\` | ${type} | ${unit} | ${named} | ${help} |`;
};

/** The table of docs/reference/telemetry.md, generated from the code. */
export const metricTable = (): string =>
  [
    '| Prometheus | OTLP | type | unit | labels | is |',
    '|---|---|---|---|---|---|',
    ...Object.values(metricList).map(rowOf),
  ].join('\n');
