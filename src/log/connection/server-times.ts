import type { ServerTime } from '../../domain/server-time.ts';
import { keysOf } from '../keys.ts';
import type { NodeOf, RedisNodes } from './nodes.ts';
import { parseTime } from './replies.ts';

/** The clock of the server that keeps the partition, ms since the epoch. Throws while that server is away. */
export const partitionTimeMs = async (nodeOf: NodeOf, partition: number): Promise<number> =>
  parseTime(await nodeOf(keysOf(partition).requests).time());

/**
 * The clocks of all servers that take writes, read at the same moment. Servers that do not answer are left
 * out. Never throws.
 */
export const serverTimes = async (
  nodes: Pick<RedisNodes, 'masters'>,
  monotonicMs: () => number = () => performance.now(),
): Promise<readonly ServerTime[]> => {
  const sentMs = monotonicMs();
  const asked = nodes.masters().map(async ({ redis }): Promise<ServerTime> => {
    const timeMs = parseTime(await redis.time());
    return { timeMs, sentMs, answeredMs: monotonicMs() };
  });
  const answers = await Promise.allSettled(asked);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
};
