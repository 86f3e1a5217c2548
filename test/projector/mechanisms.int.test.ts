import type { PartitionLog } from '../../src/log/contract.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import { step } from '../../src/projector/step.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { request as ask, line, opening } from '../domain/generate.ts';
import { claimFor } from '../store/claim-for.ts';
import { assert, suite } from '../support/suite.ts';
import { openFixture, type ProjectorFixture, partition } from './projector-fixture.ts';

const test = suite('what keeps the promises, on real servers');

let it: ProjectorFixture;

test.before.each(async () => {
  it = await openFixture();
});
test.after.each(() => it.close());

const capacity = 10;

const askFor = async (...numbers: readonly number[]): Promise<void> => {
  for (const n of numbers) await it.append(ask(n, [line('stalls', 1)]));
};

const upTo = (last: number, first = 1): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

/**
 * As many steps as the loop would take, with a limit: a step without progress must not be repeated for ever.
 */
const work = async (owned: OwnedPartition): Promise<void> => {
  for (let turns = 0; turns < 10; turns++) if ((await step(owned)).type === 'idle') return;
};

const confirmedOf = ({ confirmedByShow }: Awaited<ReturnType<ProjectorFixture['audit']>>) => [
  ...confirmedByShow.values(),
];

test('more is asked for than there is: sold to the last place, and not one more', async () => {
  await it.append(opening({ stalls: capacity }));
  await askFor(...upTo(capacity + 5));
  await work(await it.own());
  const found = await it.audit();
  assert.equal(found.faults.oversold, []);
  assert.equal(found.faults.undersold, []);
  assert.equal(confirmedOf(found), [capacity]);
});

test('a duplicate takes nothing from those behind it: nobody is refused while there was room', async () => {
  await it.append(opening({ stalls: capacity }));
  await askFor(1, 2);
  const owned = await it.own();
  await work(owned);
  await askFor(2, 1, ...upTo(capacity, 3));
  await work(owned);
  const found = await it.audit();
  assert.equal(found.faults.undersold, []);
  assert.equal(confirmedOf(found), [capacity]);
});

/** Records the calls in order, before and after a commit. */
const watched = (calls: string[]): { readonly log: PartitionLog; readonly store: PartitionStore } => {
  const noting = <Target extends object>(target: Target, names: readonly (keyof Target)[]): Target =>
    new Proxy(target, {
      get: (object, key) => {
        const value: unknown = Reflect.get(object, key);
        const name = names.find((each) => each === key);
        if (name === undefined || typeof value !== 'function') return value;
        return (...args: readonly unknown[]): unknown => {
          calls.push(String(name));
          return Reflect.apply(value, object, args);
        };
      },
    });
  return {
    log: noting(it.log, ['publish', 'markBoardsComplete', 'markBoardsIncomplete', 'read']),
    store: noting(it.store, ['commit']),
  };
};

test('nobody is told of anything before it is committed', async () => {
  await it.append(opening({ stalls: capacity }));
  await askFor(1);
  const calls: string[] = [];
  const { log, store } = watched(calls);
  const fenced: PartitionStore = { ...it.store, commit: async () => ({ type: 'fenced' }) };
  assert.is((await step(await it.own({ log, store: fenced }))).type, 'fenced');
  assert.not(calls.includes('publish'), 'what was not committed was told');
  calls.length = 0;
  await work(await it.own({ log, store }));
  assert.ok(calls.indexOf('commit') >= 0 && calls.indexOf('commit') < calls.indexOf('publish'), calls.join());
});

test('a show is not unknown to the door in the moment it opens: its boards are marked incomplete before the commit', async () => {
  await it.append(opening({ stalls: capacity }));
  const calls: string[] = [];
  await work(await it.own(watched(calls)));
  const interesting = calls.filter((call) => call !== 'read');
  assert.equal(interesting, ['markBoardsIncomplete', 'commit', 'publish', 'publish', 'markBoardsComplete']);
});

test('the claim is what keeps a former owner out, whatever its lease and its position', async () => {
  await it.append(opening({ stalls: capacity }));
  const former = await it.own();
  await work(former);
  const owner = await it.own();
  // Both have the same progress: only the claim tells them apart.
  assert.equal(owner.progress, former.progress);
  await askFor(1);
  const { lease } = owner;
  assert.is((await step({ ...former, lease, reset: true })).type, 'fenced');
  await claimFor(it.store, partition, 'a third');
  assert.is((await step({ ...owner, reset: true })).type, 'fenced');
  assert.is((await it.audit()).decisions, 1);
});
