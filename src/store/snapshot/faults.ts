import type { Session } from '../database/session.ts';
import { stuckHoldsIn } from '../read/read-holds.ts';

/** What was met while a snapshot was read: why, by the row it is about. */
export type Faults = Map<string, string>;

/** Rows that could not be read since the question before, and holds of the partition that can never lapse. */
export const faultsIn =
  (session: Session, faults: Faults) =>
  async (partition: number): Promise<readonly { readonly about: string; readonly what: string }[]> => {
    const met = [...faults].map(([about, what]) => ({ about, what }));
    faults.clear();
    const stuck = await stuckHoldsIn(session, partition);
    return [...met, ...stuck.map(({ id, why }) => ({ about: id, what: why }))];
  };
