import { ClaimElsewhere } from '../contract.ts';
import { failureOf, tookTooLong } from './database-error.ts';
import type { Session } from './session.ts';
import type { Sessions } from './session-pool.ts';
import { withSession } from './transaction.ts';

/**
 * Reads with one statement or several that need no common snapshot. Tries once more on another session when the first broke:
 * a server that restarted leaves a pool of dead sessions, and reading twice changes nothing.
 */
export const readWithRetry = async <T>(
  sessions: Sessions,
  ask: (session: Session) => Promise<T>,
): Promise<T> => {
  try {
    return await withSession(sessions, ask);
  } catch (error) {
    const isBroken = failureOf(error) === 'unavailable' && !tookTooLong(error);
    if (!isBroken || error instanceof ClaimElsewhere) throw error;
    return withSession(sessions, ask);
  }
};
