import type { Redis } from 'ioredis';
import type { RequestEvent } from '../domain/requests.ts';
import { parseStreamId, type StreamId } from '../domain/stream-id.ts';
import { encodeEntry } from './codec.ts';
import type { AppendVerdict, RequestAppender } from './contract.ts';
import { keysOf } from './keys.ts';
import type { NodeOf } from './nodes.ts';
import { isErrorReply } from './scripts.ts';

/** What `appended` promises: on the disk of one Redis, or acknowledged by a replica as well. */
export type Durability = 'disk' | 'replicated';

export interface AppenderOptions {
  /** `producer` connections of its own. */
  readonly nodeOf: NodeOf;
  readonly durability: Durability;
  readonly maxInFlight?: number;
  /** How long a group of appends waits for a replica; below the connection's own time limit. */
  readonly replicaMs?: number;
}

interface PendingAppend {
  readonly key: string;
  readonly fields: ReturnType<typeof encodeEntry>;
  readonly answer: (verdict: AppendVerdict) => void;
}

const maxInFlightDefault = 50_000;
const replicaMsDefault = 1_000;

/**
 * Appends of one turn of the event loop to one server are written together: one system call here, and one fsync there.
 * Nothing is ever sent twice, so a reply that does not come leaves one entry or none.
 */
export const newAppender = (options: AppenderOptions): RequestAppender => {
  const { nodeOf, maxInFlight = maxInFlightDefault } = options;
  let inFlight = 0;
  const groups = new Map<Redis, PendingAppend[]>();

  const join = (redis: Redis, append: PendingAppend): void => {
    const group = groups.get(redis);
    if (group) {
      group.push(append);
      return;
    }
    const appends = [append];
    groups.set(redis, appends);
    setImmediate(() => {
      groups.delete(redis);
      write(redis, appends, options);
    });
  };

  return {
    append: async (partition, request: RequestEvent) => {
      const key = keysOf(partition).requests;
      const redis = nodeOf(key);
      if (redis.status !== 'ready') return refused('not connected to Redis');
      if (inFlight >= maxInFlight) return refused('too many appends in flight');
      inFlight += 1;
      const fields = encodeEntry(request);
      const verdict = await new Promise<AppendVerdict>((answer) => {
        join(redis, { key, fields, answer });
      });
      inFlight -= 1;
      return verdict;
    },
  };
};

const write = (redis: Redis, appends: readonly PendingAppend[], options: AppenderOptions): void => {
  if (redis.status !== 'ready') {
    for (const { answer } of appends) answer(refused('the connection to Redis was lost before the append'));
    return;
  }
  const { stream } = redis;
  stream.cork();
  const ids = appends.map(({ key, fields }) => redis.xadd(key, '*', ...fields));
  const replicas = options.durability === 'replicated' ? replicasReached(redis, options) : undefined;
  stream.uncork();
  for (const [index, { answer }] of appends.entries()) {
    void verdictOf(ids[index], replicas).then(answer);
  }
};

/** WAIT speaks for everything this connection wrote before it, so one is enough for the group. Never rejects. */
const replicasReached = async (
  redis: Redis,
  { replicaMs = replicaMsDefault }: AppenderOptions,
): Promise<boolean> => {
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
