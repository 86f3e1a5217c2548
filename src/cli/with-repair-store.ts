import type { Config } from '../config.ts';
import { openRepairStore, type RepairStore } from '../store/open-repair-store.ts';
import { exitCodes } from './exit-codes.ts';
import { complain } from './read-options.ts';

interface Verb {
  readonly verb: string;
  readonly config: Config;
}

/** Runs what needs the database; while it is away, says so and resolves to the exit code for that. */
export const withRepairStore = async (
  { verb, config }: Verb,
  run: (store: RepairStore) => Promise<number>,
): Promise<number> => {
  let store: RepairStore | undefined;
  try {
    store = await openRepairStore(config.databaseUrl);
    return await run(store);
  } catch (error) {
    complain(verb, error instanceof Error ? error.message : String(error));
    return exitCodes.failed;
  } finally {
    await store?.close();
  }
};
