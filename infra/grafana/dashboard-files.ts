import { fileURLToPath } from 'node:url';
import { objectives } from './objectives.ts';
import { onSaleNow } from './on-sale-now.ts';
import { partitionsAndLeases } from './partitions-and-leases.ts';
import { traceExplorer } from './trace-explorer.ts';

const dashboards = {
  'on-sale-now': onSaleNow,
  objectives,
  'partitions-and-leases': partitionsAndLeases,
  'trace-explorer': traceExplorer,
};

/** The expected content of infra/grafana/dashboards. */
export const dashboardFiles = Object.entries(dashboards).map(([name, dashboard]) => ({
  name,
  file: fileURLToPath(new URL(`dashboards/${name}.json`, import.meta.url)),
  dashboard,
  text: `${JSON.stringify(dashboard, undefined, 2)}\n`,
}));
