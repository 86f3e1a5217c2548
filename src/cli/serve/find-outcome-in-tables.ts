import type { OutcomeLookup } from '../../log/outcomes/lookups.ts';
import type { Store } from '../../store/open-store.ts';

/** Called before a wait is given up: the outcome may be committed although its message was lost. */
export const findOutcomeInTables =
  ({ partitionStore }: Pick<Store, 'partitionStore'>): OutcomeLookup =>
  async (id) => {
    const known = (await partitionStore.known([id])).get(id);
    return known?.type === 'parked' || known?.type === 'unreadable' ? undefined : known;
  };
