import type { RequestEvent, ShowOpeningRequested } from '../../src/domain/requests.ts';
import type { PartitionLog, ReadVerdict } from '../../src/log/contract.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import type { CommitVerdict, PartitionStore } from '../../src/store/contract.ts';
import { request as ask, line } from '../domain/generate.ts';
import { assert } from '../support/suite.ts';
import { keptPromises, type ProjectorFixture, work } from './projector-fixture.ts';

export const one = (n: number): RequestEvent => ask(n, [line('stalls', 1)]);

/** Opens the show, waits until its owner is idle, and then puts all these requests on the stream at once. */
export const backlog = async (
  it: ProjectorFixture,
  show: ShowOpeningRequested,
  requests: readonly RequestEvent[],
  faults: Parameters<ProjectorFixture['own']>[0] = {},
): Promise<OwnedPartition> => {
  await it.append(show);
  const owned = await it.own(faults);
  await work(owned);
  for (const request of requests) await it.append(request);
  return lookingFirst(owned);
};

/**
 * Commits only after the look-ahead has read the tables, so that it certainly found nothing of this batch
 * there.
 */
const lookingFirst = (owned: OwnedPartition): OwnedPartition => {
  let looked: () => void = () => undefined;
  let awaited: OwnedPartition['ahead'];
  const { clock, store } = owned;
  const patient: OwnedPartition = {
    ...owned,
    clock: {
      ...clock,
      sleep: async (ms, signal) => {
        looked();
        await clock.sleep(ms, signal);
      },
    },
    store: {
      ...store,
      commit: async (batch) => {
        const { ahead } = patient;
        if (ahead && ahead !== awaited)
          await new Promise<void>((resolve) => {
            looked = resolve;
          });
        awaited = ahead;
        return await store.commit(batch);
      },
    },
  };
  return patient;
};

/** Asserts that every promise was kept and that this many places are taken. */
export const soldInOrder = async (
  it: ProjectorFixture,
  { decisions, confirmed }: { readonly decisions: number; readonly confirmed: number },
): Promise<void> => {
  const found = await it.audit();
  keptPromises(found, decisions);
  assert.is(found.parked, 0);
  assert.equal([...found.confirmedByShow.values()], [confirmed]);
};

/** From the call of `begin` on, the n-th read returns another result. */
export const readingOtherwise = (
  it: ProjectorFixture,
  nth: number,
  answer: (verdict: ReadVerdict) => ReadVerdict,
) => {
  let reads = Number.NEGATIVE_INFINITY;
  const read: PartitionLog['read'] = async (request) => {
    reads += 1;
    const verdict = await it.log.read(request);
    return reads === nth ? answer(verdict) : verdict;
  };
  return { log: { ...it.log, read }, begin: () => (reads = 0) };
};

/** From the call of `begin` on, the n-th commit is not executed and ends with this verdict. */
export const committingOtherwise = (it: ProjectorFixture, nth: number, verdict: CommitVerdict) => {
  let commits = Number.NEGATIVE_INFINITY;
  const commit: PartitionStore['commit'] = async (batch) => {
    commits += 1;
    return commits === nth ? verdict : await it.store.commit(batch);
  };
  return { store: { ...it.store, commit }, begin: () => (commits = 0) };
};
