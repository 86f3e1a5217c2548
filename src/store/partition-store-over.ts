import { claim } from './claim.ts';
import { claimStands } from './claim-stands.ts';
import { commitBatch } from './commit-batch.ts';
import type { PartitionStore } from './contract.ts';
import { newParkedGuard, type ParkedGuard } from './parked-guard.ts';
import { purgeRequestKeys } from './purge-request-keys.ts';
import { readCustomerTotals } from './read-customer-totals.ts';
import { readDueHolds, readNextExpiryMs } from './read-holds.ts';
import { readKnownRequests } from './read-known-requests.ts';
import { readLedgers, readLedgersOfPartition } from './read-ledgers.ts';
import { readRequestKeys } from './read-request-keys.ts';
import { readReservationsByIds } from './read-reservations.ts';
import type { Sessions } from './sessions.ts';
import type { Patience } from './try-again.ts';

export interface PartitionStoreOptions extends Patience {
  readonly leaseTtlMs: number;
  /** One a process, since it remembers; made here unless given. */
  readonly guard?: ParkedGuard;
  readonly onConflict?: () => void;
}

/** What the projector needs, over sessions of whichever database. */
export const partitionStoreOver = (
  sessions: Sessions,
  { leaseTtlMs, guard = newParkedGuard(sessions), ...patience }: PartitionStoreOptions,
): PartitionStore => {
  // A frozen predecessor is ended by the server after one TTL, rounded up to whole seconds.
  const longEnoughMs = 2 * leaseTtlMs + 2_000;
  return {
    claim: async (partition, owner) => {
      const claimed = await claim({ ...patience, sessions, claimMs: longEnoughMs }, partition, owner);
      await guard.look(partition);
      return claimed;
    },
    stands: (held, position) => claimStands(sessions, held, position),
    ledgers: (showIds) => readLedgers(sessions, showIds),
    ledgersOfPartition: (partition, page) => readLedgersOfPartition(sessions, partition, page),
    known: (requestIds) => readKnownRequests(sessions, requestIds),
    keys: (hashes) => readRequestKeys(sessions, hashes),
    reservations: (ids) => readReservationsByIds(sessions, ids),
    customerTotals: (pairs) => readCustomerTotals(sessions, pairs),
    dueHolds: (partition, due) => readDueHolds(sessions, partition, due),
    nextExpiryMs: (partition) => readNextExpiryMs(sessions, partition),
    purgeKeys: (limit) => purgeRequestKeys(sessions, limit),
    commit: (batch) => commitBatch({ ...patience, sessions, settleMs: longEnoughMs, guard }, batch),
  };
};
