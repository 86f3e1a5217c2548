import type { Logger } from '../domain/ports.ts';
import { metricList } from '../telemetry/metric-list.ts';
import { countersBy, type Registry } from '../telemetry/registry.ts';

const everyMs = 10_000;

/** Refusals at the door leave no entry and no decision; what is left of them is a line with their number, by reason. */
export const countRefusals = (logger: Logger, registry: Registry) => {
  const all = countersBy(registry, metricList.doorRefusals);
  const counts = new Map<string, number>();
  const say = (): void => {
    if (counts.size === 0) return;
    logger.info({ refused: Object.fromEntries(counts) }, 'refused at the door');
    counts.clear();
  };
  const timer = setInterval(say, everyMs).unref();
  return {
    onRefused: (reason: string): void => {
      all(reason).value += 1;
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
    stop: (): void => {
      clearInterval(timer);
      say();
    },
  };
};
