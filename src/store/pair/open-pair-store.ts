import { openSession } from '../database/session.ts';
import { type PairStore, pairStoreOver } from './pair.ts';

const limits = { connectMs: 2_500, queryMs: 5_000, silenceMs: 60_000, lockWaitMs: 1_000 };

/** Opens one session, to compare the halves of the pair. Throws in one line that names the database when it cannot be used. */
export const openPairStore = async (url: string): Promise<PairStore & { readonly close: () => void }> => {
  const session = await openSession(url, limits);
  return { ...pairStoreOver(session), close: () => session.destroy() };
};
