import type { Claim, PartitionStore } from '../store/contract.ts';

/** The store as the owner of a claim has it: whatever it reads is read on the claim's server, or is ClaimElsewhere. */
export const ownersStore = (store: PartitionStore, claim: Claim): PartitionStore => ({
  claim: (partition, owner, compare) => store.claim(partition, owner, compare),
  stands: (held, position) => store.stands(held, position),
  ledgers: (showIds) => store.ledgers(showIds, claim),
  ledgersOfPartition: (partition, page) => store.ledgersOfPartition(partition, page, claim),
  known: (requestIds) => store.known(requestIds, claim),
  keys: (hashes) => store.keys(hashes, claim),
  reservations: (ids) => store.reservations(ids, claim),
  customerTotals: (pairs) => store.customerTotals(pairs, claim),
  dueHolds: (partition, due) => store.dueHolds(partition, due, claim),
  nextExpiryMs: (partition, after) => store.nextExpiryMs(partition, after, claim),
  purgeKeys: (limit) => store.purgeKeys(limit),
  prepare: (batch) => store.prepare(batch),
  commit: (batch) => store.commit(batch),
});
