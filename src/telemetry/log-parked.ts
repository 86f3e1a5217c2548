import type { Logger } from '../domain/ports.ts';
import type { Batch } from '../store/contract.ts';
import type { StreamRead } from './metrics/batch-times.ts';
import { type ProjectorMetrics, parkingReason } from './metrics/projector-metrics.ts';

const namedMax = 3;

/** One line a batch, with the first few entries by name. */
export const logParked = (
  { claim, parked }: Batch,
  read: StreamRead | undefined,
  { metrics, logger }: { readonly metrics: ProjectorMetrics; readonly logger: Logger },
): void => {
  for (const { why } of parked) metrics.parkings(parkingReason(why)).value += 1;
  const named = parked.slice(0, namedMax).map(({ streamId, requestId, why }) => ({
    streamId,
    requestId,
    why,
    trace_id: read?.traces.get(streamId)?.traceId,
  }));
  logger.warn({ partition: claim.partition, parked: parked.length, named }, 'entries parked');
};
