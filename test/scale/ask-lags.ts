import type { RedisClient } from '../support/open-redis.ts';
import type { Trigger } from './scaling-rules.ts';

const unknown = -1;

/**
 * The lag of each trigger as KEDA reads it: −1 if Redis does not know it, or if there is no such group yet.
 */
export const askLags = async (
  redis: RedisClient,
  triggers: readonly Trigger[],
): Promise<Readonly<Record<string, number>>> => {
  const asked = await Promise.all(
    triggers.map(async (trigger) => [trigger.name, await lagOf(redis, trigger)] as const),
  );
  return Object.fromEntries(asked);
};

const lagOf = async (redis: RedisClient, { stream, consumerGroup }: Trigger): Promise<number> => {
  const groups = await redis.xinfo('GROUPS', stream).then(parseGroups, () => []);
  const fields = groups.find((found) => found[found.indexOf('name') + 1] === consumerGroup) ?? [];
  const lag = fields[fields.indexOf('lag') + 1];
  return typeof lag === 'number' ? lag : unknown;
};

const parseGroups = (reply: unknown): readonly unknown[][] => reply as unknown[][];
