import type { Config } from '../../config.ts';
import { openRepairStore, type RepairStore } from '../../store/repair/open-repair-store.ts';
import type { ParkedFilter } from '../../store/repair/read-parked.ts';

/** Runs work that needs only the database; throws when it cannot be reached. */
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

interface Choice {
  readonly partition: number | undefined;
  readonly reason: string | undefined;
}

/** Selects parked entries. */
export const filterOf = ({ partition, reason }: Choice): ParkedFilter => ({
  ...(partition !== undefined && { partition }),
  ...(reason !== undefined && { reason }),
});
