import type { Session } from '../database/session.ts';
import { type PartitionProgress, pairStoreOver } from './pair.ts';

/** The pair a server's database belongs to, and how far it is decided. */
export interface Standings {
  /** The session's home: which server answered, and in which generation of its pool. */
  readonly home: string;
  /** Absent before the first migration. */
  readonly pairId: string | undefined;
  readonly progress: readonly PartitionProgress[];
}

export const readStandings = async (session: Session): Promise<Standings> => {
  const store = pairStoreOver(session);
  const pairId = await store.id();
  return { home: session.home, pairId, progress: pairId === undefined ? [] : await store.progress() };
};
