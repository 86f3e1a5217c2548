import type { RequestId } from '../../src/domain/ids.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { OutcomeLookup } from '../../src/log/outcomes/lookups.ts';

/** Looks up a group by one question for each id. */
export const lookUpEach =
  (look: (id: RequestId) => Promise<Outcome | undefined>): OutcomeLookup =>
  async (ids) => {
    const found = new Map<RequestId, Outcome>();
    for (const id of ids) {
      const outcome = await look(id);
      if (outcome) found.set(id, outcome);
    }
    return found;
  };
