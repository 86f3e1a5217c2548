import type { Redis } from 'ioredis';
import { requestIdOf } from '../../domain/requests.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { isReady, whyNotReady } from '../connection/readiness.ts';
import type { AppendVerdict, RequestAppender } from '../contract.ts';
import { keysOf } from '../keys.ts';
import { encodeEntry } from '../wire/codec.ts';
import { newReplicaWait } from './await-replica.ts';
import { keyClaimOf } from './request-keys.ts';
import { type Append, sendAppends } from './send-appends.ts';

/** What `appended` promises: the entry is on the disk of one Redis, or a replica has acknowledged it as well. */
export type Durability = 'disk' | 'replicated';

export interface AppenderOptions {
  /** `producer` connections of its own. */
  readonly nodeOf: NodeOf;
  readonly durability: Durability;
  readonly maxInFlight?: number;
  /** How long a group of appends waits for a replica; below the time limit of the connection. */
  readonly replicaMs?: number;
}

interface PendingAppend extends Append {
  readonly answer: (verdict: AppendVerdict) => void;
}

/** The appends for one server, by the key of the stream. */
type Appends = Map<string, PendingAppend[]>;

const maxInFlightDefault = 50_000;
const replicaMsDefault = 1_000;

/**
 * Appends of one turn of the event loop to one server are written together: one system call here, and one fsync there.
 * No append is ever sent twice, so a lost reply leaves one entry or none.
 */
export const newAppender = (options: AppenderOptions): RequestAppender => {
  const { nodeOf, maxInFlight = maxInFlightDefault } = options;
  const waiting = new Map<Redis, Appends>();
  let inFlight = 0;

  const appendsTo = (redis: Redis): Appends => {
    const known = waiting.get(redis);
    if (known) return known;
    const appends: Appends = new Map();
    waiting.set(redis, appends);
    setImmediate(() => {
      waiting.delete(redis);
      write(redis, appends, options);
    });
    return appends;
  };

  const join = (redis: Redis, key: string, append: PendingAppend): void => {
    const appends = appendsTo(redis);
    const group = appends.get(key);
    if (group) group.push(append);
    else appends.set(key, [append]);
  };

  return {
    append: (partition, request, claiming) => {
      const key = keysOf(partition).requests;
      const redis = nodeOf(key);
      if (!isReady(redis)) return Promise.resolve(refused(whyNotReady(redis)));
      if (inFlight >= maxInFlight) return Promise.resolve(refused('too many appends in flight'));
      // Before anything is counted as in flight, because it may throw.
      const entry = encodeEntry(request);
      const claim = claiming && keyClaimOf(claiming, requestIdOf(request));
      inFlight += 1;
      return new Promise((resolve) => {
        const answer = (verdict: AppendVerdict): void => {
          inFlight -= 1;
          resolve(verdict);
        };
        join(redis, key, { entry, claim, answer });
      });
    },
  };
};

const write = (redis: Redis, appends: Appends, options: AppenderOptions): void => {
  if (!isReady(redis)) {
    const lost = refused(whyNotReady(redis));
    for (const { answer } of [...appends.values()].flat()) answer(lost);
    return;
  }
  const { durability, replicaMs = replicaMsDefault } = options;
  const replicaWait = durability === 'replicated' ? newReplicaWait(redis, replicaMs) : undefined;
  const { stream } = redis;
  stream.cork();
  const sent = [...appends].map(([key, group]) => ({
    group,
    verdicts: sendAppends({ redis, key, replicaWait }, group),
  }));
  replicaWait?.sendAfterTurn();
  stream.uncork();
  for (const { group, verdicts } of sent) void answerAll(group, verdicts);
};

const answerAll = async (
  group: readonly PendingAppend[],
  verdicts: Promise<readonly AppendVerdict[]>,
): Promise<void> => {
  const made = await verdicts;
  for (const [index, { answer }] of group.entries())
    answer(made[index] ?? { type: 'unknown', why: 'Redis answered fewer appends than were sent' });
};

const refused = (why: string): AppendVerdict => ({ type: 'refused', why });
