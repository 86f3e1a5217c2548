import type { RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { OutcomeLookup } from '../../log/outcomes/lookups.ts';
import type { KnownRequest } from '../../store/contract.ts';
import type { Store } from '../../store/open-store.ts';

/** Called before waits are given up: an outcome may be committed although its message was lost. */
export const findOutcomes =
  ({ partitionStore }: Pick<Store, 'partitionStore'>): OutcomeLookup =>
  async (ids) => {
    const outcomes = new Map<RequestId, Outcome>();
    for (const [id, known] of await partitionStore.known(ids)) {
      const outcome = outcomeIn(known);
      if (outcome) outcomes.set(id, outcome);
    }
    return outcomes;
  };

/** The outcome of a request whose client asks again. */
export const findOutcome =
  ({ knownRequest }: Pick<Store, 'knownRequest'>) =>
  async (id: RequestId): Promise<Outcome | undefined> =>
    outcomeIn(await knownRequest(id));

const outcomeIn = (known: KnownRequest | undefined): Outcome | undefined =>
  known?.type === 'parked' || known?.type === 'unreadable' ? undefined : known;
