import type { RequestEvent, ShowOpeningRequested } from '../../src/domain/requests.ts';
import type { PartitionLog, ReadVerdict } from '../../src/log/contract.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import type { CommitVerdict, PartitionStore } from '../../src/store/contract.ts';
import { request as ask, line } from '../domain/generate.ts';
import { assert } from '../support/suite.ts';
import { keptPromises, type ProjectorFixture, work } from './projector-fixture.ts';

export const one = (n: number): RequestEvent => ask(n, [line('stalls', 1)]);

/** The show is open and its owner has nothing to do; then all of these are on the stream at once. */
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

/** Commits when the look at what is behind has ended: it found nothing of the batch in the tables for certain. */
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

/** Every promise is kept, and so many places are taken. */
export const soldInOrder = async (
  it: ProjectorFixture,
  { decisions, confirmed }: { readonly decisions: number; readonly confirmed: number },
): Promise<void> => {
  const found = await it.audit();
  keptPromises(found, decisions);
  assert.is(found.parked, 0);
  assert.equal([...found.confirmedByShow.values()], [confirmed]);
};

/** Once `begin` is called, what the n-th read from there answers is another thing. */
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

/** Once `begin` is called, the n-th commit from there ends otherwise, and is not carried out. */
export const committingOtherwise = (it: ProjectorFixture, nth: number, verdict: CommitVerdict) => {
  let commits = Number.NEGATIVE_INFINITY;
  const commit: PartitionStore['commit'] = async (batch) => {
    commits += 1;
    return commits === nth ? verdict : await it.store.commit(batch);
  };
  return { store: { ...it.store, commit }, begin: () => (commits = 0) };
};
