import type { ClaimVerdict, CompareClaim, PartitionStore } from '../../src/store/contract.ts';

/** The partition is not worked in another database. */
const same: CompareClaim = async () => 'same';

/** Makes a claim that must succeed. */
export const claimFor = async (
  store: PartitionStore,
  partition: number,
  owner: string,
): Promise<Extract<ClaimVerdict, { type: 'claimed' }>> => {
  const verdict = await store.claim(partition, owner, same);
  if (verdict.type !== 'claimed') throw new Error(`partition ${partition} was not claimed: ${verdict.type}`);
  return verdict;
};
