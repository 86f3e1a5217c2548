import type { RequestId, ReservationId, ShowId } from '../domain/ids.ts';
import type { Clock, Logger, Random } from '../domain/ports.ts';
import type { RequestKey } from '../domain/requests.ts';
import { beforeAll } from '../domain/stream-id.ts';
import { newSilenceLimit } from '../shared/wait-limit.ts';
import type {
  KnownKey,
  KnownRequest,
  PartitionStore,
  Reader,
  ReservationPage,
  ReservationQuery,
} from './contract.ts';
import { readWithRetry } from './database/read-with-retry.ts';
import type { DatabaseCheck } from './database/session.ts';
import { type SessionUse, sessionLimits } from './database/session-limits.ts';
import type { ProbeIntervals, Sessions } from './database/session-pool.ts';
import { openSessions, withSession } from './database/transaction.ts';
import { newTurns } from './database/waiting-line.ts';
import type { DatabaseStanding } from './database/whereabouts.ts';
import { feedReaderOver } from './feed/read-feed.ts';
import type { FeedReader } from './feed-contract.ts';
import { pairStoreOver } from './pair/pair.ts';
import { type RollCall, rollCallOver } from './pair/roll-call.ts';
import { readStandings, type Standings } from './pair/standings.ts';
import { partitionStoreOver } from './partition-store.ts';
import { batchLookups, type LookupBounds } from './read/batch-lookups.ts';
import { countOpenShows } from './read/count-open-shows.ts';
import { readKnownRequests } from './read/read-known-requests.ts';
import { readShows, readShowsByIds, type ShowAnswer } from './read/read-ledgers.ts';
import { readPartitions } from './read/read-partitions.ts';
import { readRequestKeys } from './read/read-request-keys.ts';
import {
  findReservationsByIds,
  isFiltered,
  type ReservationWithWatermark,
  readHistory,
  readReservations,
} from './read/read-reservations.ts';
import { type PlaceSums, sumPlaces } from './read/sum-places.ts';
import { newWaitingReads, type WaitingReads } from './read/waiting-reads.ts';
import { agreePartitions, type PartitionAgreement } from './setup/agree-partitions.ts';
import { checkSchema } from './setup/check-schema.ts';
import { migrate } from './setup/migrate.ts';

const WAITERS_MAX = 1_000;
const IDS_IN_A_QUERY = 500;
/**
 * A database that is silent for 1.3 s is not waited for: balancers and clients seldom wait longer than two seconds, and a
 * replica may have been asked before. One that answers others is waited for as long as a statement may take.
 */
const silence = { lookMs: 130, silentLooks: 10, looksMax: 38 };
const READS_MAX = 20_000;
/**
 * When a server is demoted, it becomes read-only first. Then the name leads to another one, often within a
 * second.
 */
export const usualProbe: ProbeIntervals = { everyMs: 1_000, reconnectMs: 5_000 };

export interface StoreOptions extends SessionUse {
  readonly url: string;
  readonly poolSize: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called for each batch transaction that collided with another one and is tried again. */
  readonly onConflict?: () => void;
  /**
   * Runs in each session that is opened, and every five seconds in a new one. Resolves to the reason why this
   * database must not be used.
   */
  readonly check?: DatabaseCheck;
  readonly probe?: ProbeIntervals;
  /** The reads of clients that wait for the database, over all stores of a process; of this store alone unless given. */
  readonly reads?: WaitingReads;
  /** Called when commits are possible again after they were not. */
  readonly onBack?: () => void;
}

export interface Store {
  readonly partitionStore: PartitionStore;
  readonly reader: Reader;
  readonly feed: FeedReader;
  /** The pair that the database belongs to, and how far each partition is decided. */
  readonly standings: () => Promise<Standings>;
  readonly rollCall: RollCall;
  readonly agreePartitions: (wanted: PartitionAgreement) => Promise<PartitionAgreement>;
  /** Those of the first `partitions` partitions in which nothing was ever decided. */
  readonly undecidedPartitions: (partitions: number) => Promise<readonly number[]>;
  /** The number of open shows by partition. */
  readonly openShowsByPartition: () => Promise<ReadonlyMap<number, number>>;
  /** The request a key belongs to. Lookups of one turn of the event loop share a statement. */
  readonly keyOnRecord: (key: RequestKey) => Promise<KnownKey | undefined>;
  /** What became of a request. Lookups of one turn of the event loop share statements. */
  readonly knownRequest: (id: RequestId) => Promise<KnownRequest | undefined>;
  /**
   * The counters of a show's pools and the sums of its reservations, from one snapshot. Reads all reservations, a page at a
   * time, with a session of its own for a minute at most.
   */
  readonly sumPlaces: (showId: ShowId, signal: AbortSignal) => Promise<readonly PlaceSums[] | 'given-up'>;
  /** The number of parked entries that wait to be sent again, by partition. */
  readonly parkedByPartition: () => Promise<ReadonlyMap<number, number>>;
  /** Resolves to the number of statements run. */
  readonly migrate: () => Promise<number>;
  /** Throws, saying what to do, when the schema is older than this build needs. */
  readonly checkSchema: () => Promise<void>;
  /** The server that is used, and whether commits are possible there, as far as is known. Sends no query. */
  readonly standing: () => DatabaseStanding;
  /** Throws when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Throws within about three seconds, with one line that names the database, when the database cannot be used.
 */
export const openStore = async (options: StoreOptions): Promise<Store> => {
  const { url, leaseTtlMs, clock, random, logger, onConflict, check, onBack } = options;
  const limits = sessionLimits(options);
  const limit = newSilenceLimit(silence);
  const sessions = await openSessions({
    url,
    limits,
    size: options.poolSize,
    waitMs: limits.queryMs,
    ...(options.role === 'api' && { silence: limit }),
    waitersMax: WAITERS_MAX,
    probe: options.probe ?? usualProbe,
    logger,
    check,
    onBack,
  });
  const retry = { clock, random };
  const { reads = newWaitingReads({ max: READS_MAX }), poolSize } = options;
  const waiting = { poolSize, reads, limit };
  const keyByHash = batchedFinds<string, KnownKey>((hashes) => readRequestKeys(sessions, hashes), waiting);
  return {
    partitionStore: partitionStoreOver(sessions, {
      ...retry,
      leaseTtlMs,
      ...(onConflict && { onConflict }),
    }),
    reader: readerOver(sessions, waiting),
    feed: feedReaderOver(sessions, longReads(waiting)),
    standings: () => readWithRetry(sessions, readStandings),
    rollCall: rollCallOver(sessions),
    agreePartitions: (wanted) => agreePartitions({ ...retry, sessions }, wanted),
    undecidedPartitions: (partitions) => undecidedPartitions(sessions, partitions),
    openShowsByPartition: () => countOpenShows(sessions, clock.nowMs()),
    keyOnRecord: ({ hash }) => keyByHash(hash),
    knownRequest: batchedFinds<RequestId, KnownRequest>((ids) => readKnownRequests(sessions, ids), waiting),
    sumPlaces: (showId, signal) => sumPlaces(sessions, showId, { clock, signal }),
    parkedByPartition: async () => {
      const standings = await readWithRetry(sessions, readPartitions);
      return new Map(standings.map(({ partition, parked }) => [partition, parked]));
    },
    migrate: () => migrate({ url, logger }),
    standing: () => sessions.standing(),
    checkSchema: () => checkSchema(sessions),
    ping: () => withSession(sessions, (session) => session.ping()),
    close: () => sessions.close(),
  };
};

const undecidedPartitions = async (sessions: Sessions, partitions: number): Promise<readonly number[]> => {
  const progress = await readWithRetry(sessions, (session) => pairStoreOver(session).progress());
  const decided = progress.filter(({ position, watermark }) => position > 0 || watermark !== beforeAll);
  const known = new Set(decided.map(({ partition }) => partition));
  return [...Array(partitions).keys()].filter((partition) => !known.has(partition));
};

export interface ReadOptions extends Pick<LookupBounds, 'reads' | 'limit'> {
  readonly poolSize: number;
}

/**
 * Finds what may be missing, batched: a show that is sold out refuses thousands of requests at the same moment, each perhaps with
 * a key, and clients whose answers were lost repeat theirs together.
 */
const batchedFinds = <Key, Found>(
  find: (keys: readonly Key[]) => Promise<Pick<ReadonlyMap<Key, Found>, 'get'>>,
  options: ReadOptions,
): ((key: Key) => Promise<Found | undefined>) => {
  const ask = batchLookups<Key, { readonly found: Found | undefined }>(async (keys) => {
    const all = await find(keys);
    return new Map(keys.map((key) => [key, { found: all.get(key) }]));
  }, groupsOf(options));
  return async (key) => (await ask(key)).found;
};

/** Batched, because ten thousand event streams that begin at once read a show each, mostly the same one. */
const batchedShows = (sessions: Sessions, options: ReadOptions): Reader['show'] =>
  batchLookups<ShowId, ShowAnswer>((ids) => readShowsByIds(sessions, ids), groupsOf(options));

/** The rest of the pool stays free for lists. */
const groupsOf = ({ poolSize, ...options }: ReadOptions): LookupBounds => ({
  ...options,
  groupMax: IDS_IN_A_QUERY,
  atOnceMax: Math.max(1, Math.floor(poolSize / 2)),
});

/**
 * The number of requests that may wait for a page that reads thousands of rows. Further ones are refused;
 * their clients should try again later.
 */
const FILTERED_WAITERS_MAX = 100;

/** In a fifth of the sessions: the others stay free for the reads that customers wait for. */
const longReads = ({ poolSize, limit }: ReadOptions): ReturnType<typeof newTurns> =>
  newTurns({ size: Math.max(1, Math.floor(poolSize / 5)), limit, waitersMax: FILTERED_WAITERS_MAX });

/** What the query API needs, on the sessions of any server. */
export const readerOver = (sessions: Sessions, options: ReadOptions): Reader => {
  const { reads, limit } = options;
  const inTurn = longReads(options);
  const listed = (query: ReservationQuery): Promise<ReservationPage> =>
    isFiltered(query) ? inTurn(() => readReservations(sessions, query)) : readReservations(sessions, query);
  return {
    reservation: batchLookups<ReservationId, ReservationWithWatermark>(
      (ids) => findReservationsByIds(sessions, ids),
      groupsOf(options),
    ),
    show: batchedShows(sessions, options),
    shows: (page) => reads.during(limit, () => readShows(sessions, page)),
    reservations: (query) => reads.during(limit, () => listed(query)),
    history: (id) => reads.during(limit, () => readHistory(sessions, id)),
  };
};
