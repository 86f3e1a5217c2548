import { claim } from './commit/claim.ts';
import { newClaimStands } from './commit/claim-stands.ts';
import { type BatchesPort, commitAlone, commitTogether } from './commit/commit-batches.ts';
import { onClaimsServer } from './commit/on-claims-server.ts';
import { newParkedGuard, type ParkedGuard } from './commit/parked-guard.ts';
import type { Batch, Claim, PartitionStore } from './contract.ts';
import type { RetryDeps } from './database/retry-pause.ts';
import type { Sessions } from './database/session-pool.ts';
import { readCustomerTotals } from './read/read-customer-totals.ts';
import { readDueHolds, readNextExpiryMs } from './read/read-holds.ts';
import { readKnownRequests } from './read/read-known-requests.ts';
import { readLedgers, readLedgersOfPartition } from './read/read-ledgers.ts';
import { readRequestKeys } from './read/read-request-keys.ts';
import { readReservationsByIds } from './read/read-reservations.ts';
import { prepareBatch } from './write/prepare-batch.ts';
import { purgeRequestKeys } from './write/purge-request-keys.ts';

export interface PartitionStoreOptions extends RetryDeps {
  readonly leaseTtlMs: number;
  /** One per process, because it keeps state. Made here unless given. */
  readonly guard?: ParkedGuard;
  readonly onConflict?: () => void;
}

/** What the projector needs, on the sessions of any database. */
export const partitionStoreOver = (sessions: Sessions, options: PartitionStoreOptions): PartitionStore => {
  const { leaseTtlMs, guard = newParkedGuard(), ...retry } = options;
  const of = (held: Claim | undefined): Sessions => onClaimsServer(sessions, held);
  return {
    claim: async (partition, owner, compare) => {
      const port = { ...retry, sessions, claimMs: longEnoughMs(leaseTtlMs) };
      const verdict = await claim(port, { partition, owner, compare });
      if (verdict.type === 'claimed') await guard.load(of(verdict.claim), partition);
      return verdict;
    },
    stands: newClaimStands(sessions, retry.clock),
    ledgers: (showIds, held) => readLedgers(of(held), showIds),
    ledgersOfPartition: (partition, page, held) => readLedgersOfPartition(of(held), partition, page),
    known: (requestIds, held) => readKnownRequests(of(held), requestIds),
    keys: (hashes, held) => readRequestKeys(of(held), hashes),
    reservations: (ids, held) => readReservationsByIds(of(held), ids),
    customerTotals: (pairs, held) => readCustomerTotals(of(held), pairs),
    dueHolds: (partition, due, held) => readDueHolds(of(held), partition, due),
    nextExpiryMs: (partition, after, held) => readNextExpiryMs(of(held), partition, after),
    purgeKeys: (limit) => purgeRequestKeys(sessions, limit),
    prepare: prepareBatch,
    ...commitsOver(() => sessions, { ...options, guard }),
  };
};

/** `sessionsFor` chooses the sessions for batches that share a transaction. */
export const commitsOver = (
  sessionsFor: (batches: readonly Batch[]) => Sessions,
  { leaseTtlMs, guard, ...retry }: PartitionStoreOptions & { readonly guard: ParkedGuard },
): Pick<PartitionStore, 'commit' | 'commitTogether'> => {
  const portFor = (batches: readonly Batch[]): BatchesPort => ({
    ...retry,
    sessions: sessionsFor(batches),
    settleMs: longEnoughMs(leaseTtlMs),
    guard,
  });
  return {
    commit: async (batch) => await commitAlone(portFor([batch]), batch),
    commitTogether: (batches) => commitTogether(portFor, batches),
  };
};

/** The server ends the session of a frozen predecessor after one TTL, rounded up to whole seconds. */
const longEnoughMs = (leaseTtlMs: number): number => 2 * leaseTtlMs + 2_000;
