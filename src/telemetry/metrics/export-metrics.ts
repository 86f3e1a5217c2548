import { type HrTime, ValueType } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Metric } from './metric.ts';
import type { Histogram, Labels, MetricPoints, Registry } from './registry.ts';

interface ReaderOptions {
  readonly registry: Registry;
  readonly resource: Resource;
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
}

const everyMsDefault = 60_000;

/** A reader through which the SDK sends our metrics; they are counted with or without it. */
export const newMetricReader = (options: ReaderOptions): PeriodicExportingMetricReader => {
  const { environment, registry, resource, version } = options;
  const startTime: HrTime = [Math.floor(Date.now() / 1_000), 0];
  const exportIntervalMillis = positive(environment['OTEL_METRIC_EXPORT_INTERVAL']) ?? everyMsDefault;
  const collect = async (): Promise<CollectionResult> => {
    const metrics = registry.collect().map((family) => metricData(family, startTime));
    return {
      resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'onsale', version }, metrics }] },
      errors: [],
    };
  };
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(exportIntervalMillis, 30_000),
    metricProducers: [{ collect }],
  });
};

/** A number above 0; anything else counts as not set. For variables that the SDK leaves to the program. */
export const positive = (text: string | undefined): number | undefined =>
  Number(text) > 0 ? Number(text) : undefined;

/** Cumulative since the start of the process, as in the answer to a scrape. */
const metricData = ({ metric, points }: MetricPoints, startTime: HrTime): MetricData => {
  const endTime: HrTime = [Math.floor(Date.now() / 1_000), (Date.now() % 1_000) * 1e6];
  const common = {
    descriptor: {
      name: metric.name,
      description: metric.help,
      unit: metric.unit,
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const pointAt = (labels: Labels) => ({ startTime, endTime, attributes: attributesOf(metric, labels) });
  const numbers = () =>
    points.flatMap((point) => ('value' in point ? { ...pointAt(point.labels), value: point.value } : []));
  switch (metric.type) {
    case 'counter':
      return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: numbers() };
    case 'gauge':
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: numbers() };
    case 'histogram':
      return {
        ...common,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: points.flatMap((point) =>
          'histogram' in point
            ? { ...pointAt(point.labels), value: histogramValue(metric, point.histogram) }
            : [],
        ),
      };
  }
};

const histogramValue = ({ bounds = [] }: Metric, { counts, sum }: Histogram) => ({
  buckets: { boundaries: [...bounds], counts: [...counts] },
  sum,
  count: counts.reduce((all, each) => all + each, 0),
});

const attributesOf = ({ labels }: Metric, values: Labels) =>
  Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']));
