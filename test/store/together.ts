import { newDeferred } from '../../src/shared/deferred.ts';
import type { Batch, CommitVerdict, PartitionStore } from '../../src/store/contract.ts';

/** The same store, except that batches whose commits begin at the same moment are committed together. */
export const together = (store: PartitionStore): PartitionStore => {
  let waiting: { readonly batch: Batch; readonly settle: (verdict: Promise<CommitVerdict>) => void }[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    const verdicts = store.commitTogether(all.map(({ batch }) => batch));
    for (const [n, { batch, settle }] of all.entries()) settle(verdicts[n] ?? store.commit(batch));
  };
  return {
    ...store,
    commit: async (batch) => {
      const { promise, resolve } = newDeferred<Promise<CommitVerdict>>();
      if (waiting.push({ batch, settle: resolve }) === 1) queueMicrotask(flush);
      return await promise;
    },
  };
};
