import type { StreamId } from '../../domain/stream-id.ts';
import { loadSql } from '../database/load-sql.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import { takeLock } from '../database/take-lock.ts';
import { openSessions } from '../database/transaction.ts';
import type { DatabaseStanding } from '../database/whereabouts.ts';
import { type PartitionStanding, readPartitions } from '../read/read-partitions.ts';
import type { ParkedRecord } from '../rows/parked-record.ts';
import { markRedriven, type RedriveMarks } from './mark-redriven.ts';
import {
  type ParkedFilter,
  type ParkedGroup,
  type ParkedPage,
  readParked,
  readParkedAt,
  readParkedGroups,
} from './read-parked.ts';

const takeRedriveLock = loadSql('repair/take-redrive-lock');

/** What operators can see of a running system, and the marks for sending parked entries again. */
export interface RepairStore {
  partitions(): Promise<readonly PartitionStanding[]>;
  parked(page: ParkedPage): Promise<readonly ParkedRecord[]>;
  /** Two entries, if Redis gave a stream id out twice. */
  parkedAt(place: {
    readonly partition: number;
    readonly streamId: StreamId;
  }): Promise<readonly ParkedRecord[]>;
  parkedGroups(filter: ParkedFilter): Promise<readonly ParkedGroup[]>;
  /** Runs the work while no other redrive runs in this database; `busy` when one does. */
  redriving<T>(
    work: (marks: RedriveMarks) => Promise<T>,
  ): Promise<{ readonly type: 'done'; readonly value: T } | { readonly type: 'busy' }>;
  /** The database server that is used. */
  standing(): DatabaseStanding;
  close(): Promise<void>;
}

const limits = { connectMs: 2_500, queryMs: 10_000, silenceMs: 60_000, lockWaitMs: 2_000 };

/**
 * Throws within about three seconds, with one line that names the database, when the database cannot be used.
 */
export const openRepairStore = async (url: string): Promise<RepairStore> => {
  const sessions = await openSessions({ url, limits, size: 2, waitMs: limits.queryMs, waitersMax: 10 });
  return {
    partitions: () => readWithRetry(sessions, readPartitions),
    parked: (page) => readWithRetry(sessions, (session) => readParked(session, page)),
    parkedAt: (place) => readWithRetry(sessions, (session) => readParkedAt(session, place)),
    parkedGroups: (filter) => readWithRetry(sessions, (session) => readParkedGroups(session, filter)),
    redriving: async (work) => {
      // A session of its own, because the lock belongs to the session and ends with it.
      const session = await sessions.open();
      try {
        // Where the server has no locks by name, the operators take care themselves. A request that is sent
        // twice is still decided only once.
        if ((await takeLock(session, takeRedriveLock)) === 'busy') return { type: 'busy' };
        return { type: 'done', value: await work(markRedriven(session)) };
      } finally {
        session.destroy();
      }
    },
    standing: () => sessions.standing(),
    close: () => sessions.close(),
  };
};
