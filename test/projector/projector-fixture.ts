import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { realClock } from '../../src/cli/system.ts';
import { partitionRule } from '../../src/domain/ids.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import type { PartitionLog } from '../../src/log/contract.ts';
import { keysOf } from '../../src/log/keys.ts';
import { openProjectorLog, type ProjectorLog } from '../../src/log/redis-log.ts';
import { encodeEntry } from '../../src/log/wire/codec.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import { step } from '../../src/projector/step.ts';
import type { Verdict } from '../../src/projector/verdict.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { newLogger } from '../../src/telemetry/logger.ts';
import { type Audit, audit } from '../support/audit.ts';
import { createDatabase, type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert } from '../support/suite.ts';
import { ownPartition } from './own-partition.ts';

export const partition = 0;
const partitions = 2;
const logger = newLogger({ level: 'silent', roles: ['test'] });

/** A projector's dependencies on real servers; the test runs each step itself. */
export interface ProjectorFixture {
  readonly redis: Redis;
  readonly urls: { readonly redisUrl: string; readonly databaseUrl: string };
  readonly log: PartitionLog;
  readonly store: PartitionStore;
  /** Takes the lease by force, claims, and is ready to step. */
  readonly own: (faults?: Partial<{ log: PartitionLog; store: PartitionStore }>) => Promise<OwnedPartition>;
  /** Appends as the command API does; returns the stream id. */
  readonly append: (request: RequestEvent, streamId?: string) => Promise<string>;
  /**
   * A replica takes over that lacks the end of the stream: the last id and the group's position are old ones.
   */
  readonly failOver: () => Promise<void>;
  readonly audit: () => Promise<Audit>;
  readonly close: () => Promise<void>;
}

export interface FixtureOptions {
  readonly batchMax?: number;
  readonly poolSize?: number;
  /** Idle sessions are pinged several times in it. */
  readonly leaseTtlMs?: number;
  /** Maps the database's URL to the one that the store uses, e.g. a proxy's. */
  readonly storeUrlOf?: (databaseUrl: string) => Promise<string>;
}

export const openFixture = async ({
  batchMax = 100,
  storeUrlOf = async (url) => url,
  ...pool
}: FixtureOptions = {}): Promise<ProjectorFixture> => {
  const [server, database] = await Promise.all([startOwnRedis(), createDatabase()]);
  const redis = new Redis(server.url);
  const { log, store } = await openBoth(server, await storeUrlOf(database.url), pool);
  const own: ProjectorFixture['own'] = async (faults = {}) => {
    const token = randomUUID();
    await redis.set(keysOf(partition).lease, token);
    const dependencies = {
      log: faults.log ?? log.partitionLog,
      store: faults.store ?? store.partitionStore,
      clock: realClock,
      random: Math.random,
      logger,
      settings: { projectorId: token, batchMax },
    };
    return await ownPartition(dependencies, { partition, token });
  };
  return {
    redis,
    urls: { redisUrl: server.url, databaseUrl: database.url },
    log: log.partitionLog,
    store: store.partitionStore,
    own,
    append: async (request, streamId = '*') =>
      String(await redis.xadd(keysOf(partition).requests, streamId, ...encodeEntry(request))),
    failOver: async () => {
      const { requests } = keysOf(partition);
      await redis.del(requests);
      await redis.xgroup('CREATE', requests, 'projectors', '0', 'MKSTREAM');
    },
    audit: () => audit({ redisUrl: server.url, databaseUrl: database.url }),
    close: async () => {
      redis.disconnect();
      await Promise.all([log.close(), store.close()]);
      await Promise.all([server.remove(), database.drop()]);
    },
  };
};

const openBoth = async (
  server: OwnServer,
  databaseUrl: string,
  { poolSize = 4, leaseTtlMs = 3_000 }: Pick<FixtureOptions, 'poolSize' | 'leaseTtlMs'>,
): Promise<{ readonly log: ProjectorLog; readonly store: Store }> => {
  const retention = { retentionMs: 900_000, maxEntries: 2_000_000 };
  const log = await openProjectorLog({ url: server.url, name: 'test', logger, ...retention });
  const patience = { clock: realClock, random: Math.random, logger };
  const store = await openStore({
    url: databaseUrl,
    role: 'projector',
    poolSize,
    leaseTtlMs,
    // Almost never, because the test counts statements.
    probe: { everyMs: 3_600_000, reconnectMs: 3_600_000 },
    ...patience,
  });
  await store.migrate();
  await store.agreePartitions({ partitions, rule: partitionRule });
  return { log, store };
};

/** Once: the call has its effect, but the caller gets an error instead of the reply. */
export const losingOneReply = <Target extends object>(target: Target, method: keyof Target): Target => {
  let lost = false;
  return new Proxy(target, {
    get: (object, key) => {
      const value: unknown = Reflect.get(object, key);
      if (key !== method || lost || typeof value !== 'function') return value;
      return async (...args: readonly unknown[]) => {
        lost = true;
        await Reflect.apply(value, object, args);
        throw new Error(`the reply to ${String(method)} was lost`);
      };
    },
  });
};

/** Steps until there is nothing to do, as the loop would. External errors are retried, up to a limit. */
export const work = async (owned: OwnedPartition): Promise<Verdict> => {
  let verdict: Verdict;
  let turns = 0;
  do {
    verdict = await step(owned).catch((error: Error): Verdict => ({ type: 'retry', error }));
    turns += 1;
  } while (
    (verdict.type === 'committed' || verdict.type === 'halved' || verdict.type === 'retry') &&
    turns < turnsMax
  );
  return verdict;
};

const turnsMax = 30;

/** Nothing was lost, decided twice or out of order, or refused while there was room. */
export const keptPromises = (found: Audit, decisions: number): void => {
  for (const [promise, faults] of Object.entries(found.faults)) assert.equal(faults, [], promise);
  assert.is(found.decisions, decisions);
};
