import type { Clock, Random } from '../../../src/domain/ports.ts';
import type { RequestKey } from '../../../src/domain/requests.ts';
import { beforeAll } from '../../../src/domain/stream-id.ts';
import { newParkedGuard } from '../../../src/store/commit/parked-guard.ts';
import type { KnownKey, PartitionStore, Reader } from '../../../src/store/contract.ts';
import { type SessionUse, sessionLimits } from '../../../src/store/database/session-limits.ts';
import type { Sessions } from '../../../src/store/database/session-pool.ts';
import { type RollCall, rollCallOver } from '../../../src/store/pair/roll-call.ts';
import { commitsOver, partitionStoreOver } from '../../../src/store/partition-store.ts';
import { countOpenShows } from '../../../src/store/read/count-open-shows.ts';
import { readShows, readShowsByIds } from '../../../src/store/read/read-ledgers.ts';
import { readRequestKeys } from '../../../src/store/read/read-request-keys.ts';
import {
  findReservationsByIds,
  readHistory,
  readReservations,
} from '../../../src/store/read/read-reservations.ts';
import { agreePartitions, type PartitionAgreement } from '../../../src/store/setup/agree-partitions.ts';
import type { Wire } from '../wire.ts';
import { newMemorySessions } from './memory-sessions.ts';
import type { Server } from './server.ts';

/** A process as the database sees it. */
export interface ConnectOptions extends SessionUse {
  readonly wire: Wire;
  /** The process's own clock, which stops while the process is frozen. */
  readonly clock: Clock;
  readonly random: Random;
}

export interface ConnectedStore {
  readonly store: PartitionStore;
  readonly reader: Reader;
  readonly rollCall: RollCall;
  readonly keyOnRecord: (key: RequestKey) => Promise<KnownKey | undefined>;
  readonly openShowsByPartition: () => Promise<ReadonlyMap<number, number>>;
  readonly agreePartitions: (wanted: PartitionAgreement) => Promise<PartitionAgreement>;
  /** The process has died: its kernel closes its sockets, and the server rolls back its open transactions. */
  readonly hangUp: () => void;
}

/** Production code over sessions with the server in memory. */
export const connectStore = (server: Server, options: ConnectOptions): ConnectedStore => {
  const { wire, clock, random, leaseTtlMs } = options;
  const sessions = newMemorySessions({ server, wire, limits: wholeSeconds(sessionLimits(options)) });
  const port = { clock, random, leaseTtlMs, guard: newParkedGuard() };
  return {
    store: {
      ...partitionStoreOver(sessions, port),
      ...commitsOver((batches) => sessions.about(batches), port),
    },
    reader: readerOver(sessions),
    rollCall: rollCallOver(sessions),
    keyOnRecord: async ({ hash }) => (await readRequestKeys(sessions, [hash])).get(hash),
    openShowsByPartition: () => countOpenShows(sessions, clock.nowMs()),
    agreePartitions: (wanted) => agreePartitions({ clock, random, sessions }, wanted),
    hangUp: () => sessions.hangUp(),
  };
};

/** MySQL counts both in whole seconds, at least one. */
const wholeSeconds = ({
  silenceMs,
  lockWaitMs,
}: {
  readonly silenceMs: number;
  readonly lockWaitMs: number;
}) => {
  const rounded = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000)) * 1_000;
  return { silenceMs: rounded(silenceMs), lockWaitMs: rounded(lockWaitMs) };
};

/**
 * As in production, except that reads of one turn are not combined: that needs real turns of the event loop.
 */
const readerOver = (sessions: Sessions): Reader => ({
  reservation: async (id) =>
    (await findReservationsByIds(sessions, [id])).get(id) ?? { watermark: beforeAll },
  show: async (id) => (await readShowsByIds(sessions, [id])).get(id) ?? {},
  shows: (page) => readShows(sessions, page),
  reservations: (query) => readReservations(sessions, query),
  history: (id) => readHistory(sessions, id),
});
