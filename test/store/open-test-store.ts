import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Logger } from '../../src/domain/ports.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/open-store.ts';

const clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};

const silent = (): void => undefined;
export const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/** A store with short limits; not migrated. */
export const openTestStore = (url: string, changes: Partial<StoreOptions> = {}): Promise<Store> =>
  openStore({
    url,
    role: 'projector',
    poolSize: 3,
    leaseTtlMs: 1_000,
    clock,
    random: Math.random,
    logger,
    ...changes,
  });

export const openMigratedStore = async (url: string, changes: Partial<StoreOptions> = {}): Promise<Store> => {
  const store = await openTestStore(url, changes);
  await store.migrate();
  return store;
};
