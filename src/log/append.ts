import type { Redis } from 'ioredis';
import type { RequestEvent } from '../domain/requests.ts';
import { parseStreamId, type StreamId } from '../domain/stream-id.ts';
import { encodeEntry } from './codec.ts';
import type { AppendVerdict, RequestAppender } from './contract.ts';
import { keysOf } from './keys.ts';
import { isErrorReply } from './scripts.ts';

/** What `appended` promises: on the disk of one Redis, or acknowledged by a replica as well. */
export type Durability = 'disk' | 'replicated';

export interface AppenderOptions {
  /** A `producer` connection of its own. */
  readonly redis: Redis;
  readonly durability: Durability;
  readonly maxInFlight?: number;
  /** How long a group of appends waits for a replica; below the connection's own time limit. */
  readonly replicaMs?: number;
}

interface PendingAppend {
  readonly partition: number;
  readonly fields: ReturnType<typeof encodeEntry>;
  readonly answer: (verdict: AppendVerdict) => void;
}

const maxInFlightDefault = 50_000;
const replicaMsDefault = 1_000;

/**
 * Appends of one turn of the event loop are written together: one system call here, and one fsync there. Nothing is
 * ever sent twice, so a reply that does not come leaves one entry or none.
 */
export const newAppender = (options: AppenderOptions): RequestAppender => {
  const { redis, maxInFlight = maxInFlightDefault } = options;
  let inFlight = 0;
  let group: PendingAppend[] = [];

  const writeGroup = (): void => {
    const appends = group;
    group = [];
    write(appends, options);
  };

  return {
    append: async (partition, request: RequestEvent) => {
      if (redis.status !== 'ready') return refused('not connected to Redis');
      if (inFlight >= maxInFlight) return refused('too many appends in flight');
      inFlight += 1;
      const fields = encodeEntry(request);
      const verdict = await new Promise<AppendVerdict>((answer) => {
        if (group.length === 0) setImmediate(writeGroup);
        group.push({ partition, fields, answer });
      });
      inFlight -= 1;
      return verdict;
    },
  };
};

const write = (appends: readonly PendingAppend[], options: AppenderOptions): void => {
  const { redis } = options;
  if (redis.status !== 'ready') {
    for (const { answer } of appends) answer(refused('the connection to Redis was lost before the append'));
    return;
  }
  const { stream } = redis;
  stream.cork();
  const ids = appends.map(({ partition, fields }) => redis.xadd(keysOf(partition).requests, '*', ...fields));
  const replicas = options.durability === 'replicated' ? replicasReached(options) : undefined;
  stream.uncork();
  for (const [index, { answer }] of appends.entries()) {
    void verdictOf(ids[index], replicas).then(answer);
  }
};

/** WAIT speaks for everything this connection wrote before it, so one is enough for the group. Never rejects. */
const replicasReached = async ({
  redis,
  replicaMs = replicaMsDefault,
}: AppenderOptions): Promise<boolean> => {
  try {
    return Number(await redis.call('wait', 1, replicaMs)) >= 1;
  } catch {
    return false;
  }
};

const verdictOf = async (
  id: Promise<string | null> | undefined,
  replicas: Promise<boolean> | undefined,
): Promise<AppendVerdict> => {
  try {
    const streamId = parsedId(await id);
    if (replicas && !(await replicas))
      return { type: 'unknown', why: 'no replica acknowledged the append in time' };
    return { type: 'appended', streamId };
  } catch (error) {
    return verdictOnError(error);
  }
};

const parsedId = (text: string | null | undefined): StreamId => {
  const id = parseStreamId(text ?? '');
  if (id === undefined) throw new Error(`Redis answered ${text} to an append`);
  return id;
};

/** An error that Redis answered with, and one raised before anything was written, put no entry there. */
const verdictOnError = (error: unknown): AppendVerdict => {
  const why = error instanceof Error ? error.message : String(error);
  return isErrorReply(error) || why.startsWith("Stream isn't writeable")
    ? refused(why)
    : { type: 'unknown', why };
};

const refused = (why: string): AppendVerdict => ({ type: 'refused', why });
