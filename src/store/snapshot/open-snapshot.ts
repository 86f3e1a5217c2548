import type { SessionLimits } from '../database/session-limits.ts';
import { newSessions } from '../database/session-pool.ts';
import { beginSnapshot } from '../database/transaction.ts';
import { checkSchema } from '../setup/check-schema.ts';
import { decisionsIn } from './decisions.ts';
import { type Faults, faultsIn } from './faults.ts';
import { tablesIn } from './tables.ts';

/**
 * The limits are long, because counting a table reads all of it, and because the caller may read a whole
 * stream between two statements.
 */
const limits: SessionLimits = {
  connectMs: 2_500,
  queryMs: 10 * 60_000,
  silenceMs: 10 * 60_000,
  lockWaitMs: 1_000,
};

/** The whole content of the database at one moment. */
export type Snapshot = ReturnType<typeof decisionsIn> &
  ReturnType<typeof tablesIn> & {
    /**
     * The rows that could not be read since the last call, and the holds of the partition that can never
     * lapse.
     */
    readonly faults: ReturnType<typeof faultsIn>;
    readonly close: () => Promise<void>;
  };

/**
 * Opens a snapshot: until it is closed, it reads the database as it is now, whatever is committed meanwhile.
 * It takes no locks and delays no other transaction; the server keeps older versions of changed rows until it
 * is closed. Throws, with what to do, when the schema is older than this build needs.
 */
export const openSnapshot = async (url: string): Promise<Snapshot> => {
  const sessions = newSessions({ url, limits, size: 1, waitMs: limits.connectMs, waitersMax: 1 });
  try {
    await checkSchema(sessions);
    const session = await sessions.borrow();
    for (const sql of beginSnapshot) await session.run(sql);
    const close = async (): Promise<void> => {
      sessions.destroy(session);
      await sessions.close();
    };
    const faults: Faults = new Map();
    return {
      ...decisionsIn(session, faults),
      ...tablesIn(session, faults),
      faults: faultsIn(session, faults),
      close,
    };
  } catch (error) {
    await sessions.close();
    throw error;
  }
};
