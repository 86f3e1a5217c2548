import type { OpenLog } from '../../log/redis-log.ts';
import type { Store } from '../../store/open-store.ts';
import { realClock as clock } from '../system.ts';
import type { PartOptions } from './part.ts';

interface StreamConnections {
  readonly store: Pick<Store, 'undecidedPartitions'>;
  readonly log: Pick<OpenLog, 'makeStreams'>;
}

const againMs = 5_000;

/**
 * The role that starts first makes the streams and their group. An autoscaler that reads the group's lag then gets a number
 * before there is a projector, and can start one. Failures are retried until the process stops.
 */
export const prepareStreams = async (options: PartOptions, doors: StreamConnections): Promise<void> => {
  if (!(await tryOnce(options, doors))) void goOn(options, doors);
};

const goOn = async (options: PartOptions, doors: StreamConnections): Promise<void> => {
  do await clock.sleep(againMs, options.stopping);
  while (!options.stopping.aborted && !(await tryOnce(options, doors)));
};

/** Whether this process has nothing left to do. */
const tryOnce = async (
  { config, logger }: PartOptions,
  { store, log }: StreamConnections,
): Promise<boolean> => {
  try {
    const { forbidden, missing, why } = await log.makeStreams(
      await store.undecidedPartitions(config.partitions),
    );
    if (forbidden.length > 0)
      logger.warn(
        { partitions: forbidden.length },
        'a projector has to make the streams: the Redis user of this process is older than this version, take its line from infra/redis/users.conf',
      );
    if (missing.length === 0) return true;
    logger.warn({ partitions: missing, why }, 'streams could not be made yet, trying again');
  } catch (error) {
    logger.warn({ err: error }, 'streams could not be made yet, trying again');
  }
  return false;
};
