import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  type VariableModel,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { metricsSource } from './panels.ts';

interface Plan {
  readonly uid: string;
  readonly title: string;
  readonly says: string;
  readonly rows: Readonly<Record<string, readonly Builder<Panel>[]>>;
  readonly variables?: readonly Builder<VariableModel>[];
}

const source = (name: string, label: string, type: string): Builder<VariableModel> =>
  new DatasourceVariableBuilder(name).label(label).type(type);

/** Every process reports when it started. `.*` also matches where Prometheus has no such label. */
const labelOf = (name: string, label: string, among: string): Builder<VariableModel> =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(metricsSource)
    .query(`label_values(process_start_time_seconds{${among}}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all', selected: true });

/** A dashboard: its rows, its two data sources, and links to the other dashboards. */
export const newDashboard = ({ uid, title, says, rows, variables = [] }: Plan): Dashboard => {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(says)
    .tags(['onsale'])
    .readonly()
    .refresh('10s')
    .time({ from: 'now-15m', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([
      source('metrics', 'Metrics', 'prometheus'),
      source('traces', 'Traces', 'tempo'),
      labelOf('cluster', 'Cluster', 'job=~"(.+/)?onsale"'),
      labelOf('namespace', 'Namespace', 'job=~"(.+/)?onsale",cluster=~"$cluster"'),
      ...variables,
    ])
    .link(
      new DashboardLinkBuilder('onsale')
        .type(DashboardLinkType.Dashboards)
        .tags(['onsale'])
        .keepTime(true)
        .includeVars(true),
    );
  for (const [row, panels] of Object.entries(rows)) {
    dashboard.withRow(new RowBuilder(row));
    for (const panel of panels) dashboard.withPanel(panel);
  }
  return dashboard.build();
};
