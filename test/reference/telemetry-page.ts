import { metricTable } from '../telemetry/metric-table.ts';
import { withBetween } from './with-between.ts';

export const telemetryPageUrl = new URL('../../docs/reference/telemetry.md', import.meta.url);

const marks = ['<!-- metrics: npm run reference -->\n', '<!-- end of metrics -->\n'] as const;

/** The page with its table generated from the list of metrics. */
export const withMetrics = (page: string): string => withBetween(page, marks, `${metricTable()}\n`);
