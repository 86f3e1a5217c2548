import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';

interface Plan {
  readonly uid: string;
  readonly title: string;
  readonly says: string;
  readonly rows: Readonly<Record<string, readonly Builder<Panel>[]>>;
  readonly variables?: readonly Builder<VariableModel>[];
}

const source = (name: string, label: string, type: string): Builder<VariableModel> =>
  new DatasourceVariableBuilder(name).label(label).type(type);

/** A dashboard of ours: its rows, the two sources it asks, and a way to the others. */
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
