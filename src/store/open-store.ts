import type { ReservationId } from '../domain/ids.ts';
import type { Clock, Logger, Random } from '../domain/ports.ts';
import { agreePartitions, type PartitionAgreement } from './agree-partitions.ts';
import { checkSchema } from './check-schema.ts';
import { claim } from './claim.ts';
import { coalesce } from './coalesce.ts';
import { commitBatch } from './commit-batch.ts';
import type { PartitionStore, Reader } from './contract.ts';
import { countOpenShows } from './count-open-shows.ts';
import { migrate } from './migrate.ts';
import { readKnownRequests } from './read-known-requests.ts';
import { readLedgers, readLedgersOfPartition, readShows } from './read-ledgers.ts';
import {
  findReservationsByIds,
  type ReservationWithWatermark,
  readHistory,
  readReservations,
} from './read-reservations.ts';
import type { SessionLimits } from './session.ts';
import { newSessions, type Sessions } from './sessions.ts';
import { withSession } from './transaction.ts';

const CONNECT_MS = 2_500;
const API_QUERY_MS = 5_000;
const API_SILENCE_MS = 60_000;
const PROJECTOR_QUERY_MS = 15_000;
const WAITERS_MAX = 1_000;
const IDS_IN_A_QUERY = 500;

export interface StoreOptions {
  readonly url: string;
  /** A projector's sessions are ended by the server soon after their process froze; an API's hold no locks. */
  readonly role: 'projector' | 'api';
  readonly poolSize: number;
  readonly leaseTtlMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface Store {
  readonly partitionStore: PartitionStore;
  readonly reader: Reader;
  readonly agreePartitions: (wanted: PartitionAgreement) => Promise<PartitionAgreement>;
  /** Open shows by partition. */
  readonly openShowsByPartition: () => Promise<ReadonlyMap<number, number>>;
  /** Resolves to the number of statements run. */
  readonly migrate: () => Promise<number>;
  /** Throws, saying what to do, when the schema is older than this build needs. */
  readonly checkSchema: () => Promise<void>;
  /** Throws when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Throws within about three seconds, in one line that names the database, when it cannot be used. */
export const openStore = async (options: StoreOptions): Promise<Store> => {
  const { url, leaseTtlMs, clock, random, logger } = options;
  const limits = limitsOf(options);
  const sessions = newSessions({
    url,
    limits,
    size: options.poolSize,
    waitMs: limits.queryMs,
    waitersMax: WAITERS_MAX,
  });
  try {
    sessions.release(await sessions.borrow());
  } catch (error) {
    await sessions.close();
    throw error;
  }
  const patience = { clock, random };
  return {
    partitionStore: partitionStoreOver(sessions, { ...patience, leaseTtlMs }),
    reader: readerOver(sessions, options.poolSize),
    agreePartitions: (wanted) => agreePartitions({ ...patience, sessions }, wanted),
    openShowsByPartition: () => countOpenShows(sessions, clock.nowMs()),
    migrate: () => migrate({ url, logger }),
    checkSchema: () => checkSchema(sessions),
    ping: () => withSession(sessions, (session) => session.ping()),
    close: () => sessions.close(),
  };
};

const limitsOf = ({ role, leaseTtlMs }: StoreOptions): SessionLimits =>
  role === 'projector'
    ? { connectMs: CONNECT_MS, queryMs: PROJECTOR_QUERY_MS, silenceMs: leaseTtlMs, lockWaitMs: 1_000 }
    : { connectMs: CONNECT_MS, queryMs: API_QUERY_MS, silenceMs: API_SILENCE_MS, lockWaitMs: 1_000 };

const partitionStoreOver = (
  sessions: Sessions,
  {
    leaseTtlMs,
    ...patience
  }: { readonly clock: Clock; readonly random: Random; readonly leaseTtlMs: number },
): PartitionStore => {
  // A frozen predecessor is ended by the server after one TTL, rounded up to whole seconds.
  const longEnoughMs = 2 * leaseTtlMs + 2_000;
  return {
    claim: (partition, owner) => claim({ ...patience, sessions, claimMs: longEnoughMs }, partition, owner),
    ledgers: (showIds) => readLedgers(sessions, showIds),
    ledgersOfPartition: (partition, page) => readLedgersOfPartition(sessions, partition, page),
    known: (requestIds) => readKnownRequests(sessions, requestIds),
    commit: (batch) => commitBatch({ ...patience, sessions, settleMs: longEnoughMs }, batch),
  };
};

const readerOver = (sessions: Sessions, poolSize: number): Reader => ({
  reservation: coalesce<ReservationId, ReservationWithWatermark>(
    (ids) => findReservationsByIds(sessions, ids),
    // The rest of the pool stays free for lists.
    { groupMax: IDS_IN_A_QUERY, atOnceMax: Math.max(1, Math.floor(poolSize / 2)) },
  ),
  show: async (id) => (await readLedgers(sessions, [id]))[0],
  shows: (page) => readShows(sessions, page),
  reservations: (query) => readReservations(sessions, query),
  history: (id) => readHistory(sessions, id),
});
