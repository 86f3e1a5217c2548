import { storeContract } from '../contract/store.contract.ts';
import { createDatabase } from '../support/servers.ts';
import { openMigratedStore } from './open-test-store.ts';

storeContract('MariaDB / MySQL', async () => {
  const database = await createDatabase();
  const store = await openMigratedStore(database.url);
  return {
    store: store.partitionStore,
    reader: store.reader,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
});
