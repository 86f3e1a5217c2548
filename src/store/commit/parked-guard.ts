import type { JournalEntry } from '../../domain/decisions.ts';
import type { Batch } from '../contract.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';

const findParkedRequests = loadSql('commit/find-parked-requests');
const findParkedOfPartition = loadSql('commit/find-parked-of-partition');

/**
 * Keeps a parked request parked however often it arrives, until it is sent again on purpose. No unique key of the tables
 * ensures that for every request, so the batch's transaction checks it. It does so only in partitions where something is
 * parked: only the owner of a partition parks there, so it knows, and other partitions pay nothing.
 */
export interface ParkedGuard {
  /** Called after a claim: from then on everything that earlier owners parked is visible. */
  load(sessions: Sessions, partition: number): Promise<void>;
  /** Called before a batch is tried, because its commit may be applied while its reply is lost. */
  note(batch: Batch): void;
  /** Whether a decision of the batch is about a request that is parked. */
  finds(session: Session, batch: Batch): Promise<boolean>;
}

export const newParkedGuard = (): ParkedGuard => {
  const parkedIn = new Set<number>();
  return {
    load: async (sessions, partition) => {
      const rows = await readWithRetry(sessions, (session) =>
        session.rows(findParkedOfPartition, [String(partition)]),
      );
      if (rows.length > 0) parkedIn.add(partition);
      else parkedIn.delete(partition);
    },
    note: ({ claim, parked }) => {
      if (parked.length > 0) parkedIn.add(claim.partition);
    },
    finds: async (session, { claim, entries }) => {
      if (!parkedIn.has(claim.partition)) return false;
      const ids = entries.flatMap(idOf);
      if (ids.length === 0) return false;
      return (await session.rows(findParkedRequests, [JSON.stringify(ids)])).length > 0;
    },
  };
};

const idOf = ({ requestId }: JournalEntry): readonly string[] => (requestId ? [hexOf(requestId)] : []);
