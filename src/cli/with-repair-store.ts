import type { Config } from '../config.ts';
import { openRepairStore, type RepairStore } from '../store/open-repair-store.ts';

/** Runs what needs the database alone; throws when it cannot be reached. */
export const withRepairStore = async <Result>(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  run: (store: RepairStore) => Promise<Result>,
): Promise<Result> => {
  const store = await openRepairStore(databaseUrl);
  try {
    return await run(store);
  } finally {
    await store.close();
  }
};
