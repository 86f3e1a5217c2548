import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  StackingMode,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as HeatmapBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import {
  DataqueryBuilder as PrometheusQuery,
  PromQueryFormat,
} from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { SearchTableType, DataqueryBuilder as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Selected in the dashboard, because each Grafana names its data sources differently. */
export const metricsSource = { type: 'prometheus', uid: '$' + '{metrics}' } as const;
const tracesSource = { type: 'tempo', uid: '$' + '{traces}' } as const;

interface PanelText {
  readonly title: string;
  readonly says: string;
  readonly unit?: string;
  readonly span?: number;
}

interface Graph extends PanelText {
  /** By legend, which may name labels: {{stage}}. */
  readonly lines: Readonly<Record<string, string>>;
  readonly stacked?: true;
  /** Shows kept traces as dots that link to them. */
  readonly exemplars?: true;
}

const refIds = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;

const queriesOf = (lines: Graph['lines'], exemplars: boolean): Builder<Dataquery>[] =>
  Object.entries(lines).map(([legend, expr], index) =>
    new PrometheusQuery()
      .refId(refIds[index] ?? String(index))
      .expr(expr)
      .legendFormat(legend)
      .exemplar(exemplars)
      .range(),
  );

const half = 12;
const height = 8;

export const graph = ({
  title,
  says,
  unit = 'short',
  span = half,
  lines,
  stacked,
  exemplars,
}: Graph): Builder<Panel> => {
  const panel = new GraphBuilder()
    .title(title)
    .description(says)
    .datasource(metricsSource)
    .unit(unit)
    .min(0)
    .span(span)
    .height(height)
    .lineWidth(1)
    .fillOpacity(stacked ? 30 : 0)
    .showPoints(VisibilityMode.Never)
    .targets(queriesOf(lines, exemplars === true));
  return stacked ? panel.stacking(stackedNormally) : panel;
};

const stackedNormally = { build: () => ({ mode: StackingMode.Normal, group: 'A' }) };

interface Figure extends PanelText {
  readonly query: string;
  /** Red from this value on; without one it has no colour. */
  readonly badFrom?: number;
  /** Below this it is red. */
  readonly goodFrom?: number;
}

const thresholds = ({
  badFrom,
  goodFrom,
}: Figure): Builder<{ mode: ThresholdsMode; steps: { value: number | null; color: string }[] }> => {
  const config = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute);
  if (badFrom !== undefined)
    return config.steps([
      { value: null, color: 'green' },
      { value: badFrom, color: 'red' },
    ]);
  if (goodFrom !== undefined)
    return config.steps([
      { value: null, color: 'red' },
      { value: goodFrom, color: 'green' },
    ]);
  return config.steps([{ value: null, color: 'blue' }]);
};

export const figure = (shown: Figure): Builder<Panel> =>
  new StatBuilder()
    .title(shown.title)
    .description(shown.says)
    .datasource(metricsSource)
    .unit(shown.unit ?? 'short')
    .span(shown.span ?? 3)
    .height(4)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions({ build: () => ({ calcs: ['lastNotNull'] }) })
    .thresholds(thresholds(shown))
    .targets(queriesOf({ [shown.title]: shown.query }, false));

interface Heatmap extends PanelText {
  readonly query: string;
}

/** A histogram over time, with kept traces as dots. */
export const heatmap = ({ title, says, query, span = 24 }: Heatmap): Builder<Panel> =>
  new HeatmapBuilder()
    .title(title)
    .description(says)
    .datasource(metricsSource)
    .span(span)
    .height(10)
    .calculate(false)
    .yAxis({ build: () => ({ unit: 's' }) })
    .targets([
      new PrometheusQuery()
        .refId('A')
        .expr(query)
        .legendFormat('{{le}}')
        .format(PromQueryFormat.Heatmap)
        .exemplar(true)
        .range(),
    ]);

interface TraceSearch extends PanelText {
  /** TraceQL. */
  readonly query: string;
}

/** Matching traces, the newest first, each a link to its waterfall. */
export const traces = ({ title, says, query, span = half }: TraceSearch): Builder<Panel> =>
  new TableBuilder()
    .title(title)
    .description(says)
    .datasource(tracesSource)
    .span(span)
    .height(height)
    .targets([
      new TempoQuery()
        .refId('A')
        .queryType('traceql')
        .tableType(SearchTableType.Traces)
        .limit(20)
        .query(query),
    ]);
