import type { Session } from '../database/session.ts';
import { stuckHoldsIn } from '../read/read-holds.ts';

/** The faults found while a snapshot was read: the reason, by the row concerned. */
export type Faults = Map<string, string>;

/**
 * Returns the rows that could not be read since the last call, and the holds of the partition that can never
 * lapse.
 */
export const faultsIn =
  (session: Session, faults: Faults) =>
  async (partition: number): Promise<readonly { readonly about: string; readonly what: string }[]> => {
    const met = [...faults].map(([about, what]) => ({ about, what }));
    faults.clear();
    const stuck = await stuckHoldsIn(session, partition);
    return [...met, ...stuck.map(({ id, why }) => ({ about: id, what: why }))];
  };
