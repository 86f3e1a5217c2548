import type { Store } from '../../store/open-store.ts';
import { metricList } from '../../telemetry/metrics/metric-list.ts';
import type { Registry } from '../../telemetry/metrics/registry.ts';

/** Metrics: whether the server of its sessions takes commits, and how often the sessions were given up. */
export const watchDatabase = (
  registry: Registry,
  role: 'api' | 'projector',
  { standing }: Pick<Store, 'standing'>,
): void => {
  registry.gauge(metricList.databaseReadOnly, () => [
    { labels: [role], value: standing().isReadOnly ? 1 : 0 },
  ]);
  registry.gauge(metricList.databaseGeneration, () => [{ labels: [role], value: standing().generation }]);
};
