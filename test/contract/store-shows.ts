import type { Decision } from '../../src/domain/decisions.ts';
import { evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import {
  BASE_MS,
  changing,
  confirmed,
  entryAt,
  held,
  lineOf,
  newId,
  newOwner,
  newPoolId,
  opening,
  refOf,
} from '../store/story.ts';
import { assert, type Suite } from '../support/suite.ts';
import { newPartition, type Under } from './opened-store.ts';

/** A show with 10 places in pool `a` and four reservations of 2 of them each. */
const soldShow = async (under: Under) => {
  const { store } = under();
  const partition = newPartition();
  const owner = await newOwner(store, partition);
  const show = newId(partition);
  const sold = Array.from({ length: 4 }, () => confirmed(show, [lineOf('a', 2)]));
  await owner.commit([opening(show, { a: 10, b: 5 }), ...sold]);
  const ledger = async (): Promise<ShowLedger | undefined> => (await store.ledgers([show])).get(show);
  /** Commits, and compares the tables with a ledger that evolves decision by decision. */
  const agree = async (decisions: readonly Decision[]): Promise<void> => {
    const before = await ledger();
    const at = owner.standing.progress.position;
    assert.equal(await owner.commit(decisions), { type: 'committed' });
    const entries = decisions.map((decision, n) => entryAt(at + 1 + n, decision));
    const expected = entries.reduce(
      (state, { decision, decidedAtMs }) => evolve(state, decision, decidedAtMs),
      before,
    );
    assert.equal(await ledger(), expected);
  };
  const cancels = sold.flatMap((decision): readonly Decision[] =>
    decision.type === 'ReservationConfirmed'
      ? [{ type: 'ReservationCancelled', ...refOf(decision), from: 'confirmed', released: decision.lines }]
      : [],
  );
  const poolA = async () => (await ledger())?.pools[0];
  return { store, owner, show, agree, cancels, ledger, poolA };
};

export const changingShows = (test: Suite, under: Under): void => {
  test('a changed show has its new name, rules, pools and revision, and its old numbers', async () => {
    const { show, agree, ledger } = await soldShow(under);
    await agree([changing(show, { a: 12, b: 5, c: 3 }, { holdSeconds: 60, closed: true })]);
    const after = await ledger();
    assert.is(after?.revision, 2);
    assert.equal(after?.rules, { holdSeconds: 60, closed: true });
    assert.equal(
      after?.pools.map(({ id, capacity, confirmed: taken }) => [id, capacity, taken]),
      [
        ['a', 12, 8],
        ['b', 5, 0],
        ['c', 3, 0],
      ],
    );
  });

  test('a capacity below what is committed is refused, whatever the caller computed', async () => {
    const { show, owner, ledger } = await soldShow(under);
    const before = await ledger();
    assert.is((await owner.commit([changing(show, { a: 7, b: 9 })])).type, 'refused');
    assert.equal(await ledger(), before);
  });

  test('a show of another partition, or none, is not changed', async () => {
    const { show, store, ledger } = await soldShow(under);
    const before = await ledger();
    const partition = newPartition();
    const elsewhere = await newOwner(store, partition);
    assert.is((await elsewhere.commit([changing(show, { a: 12, b: 5 })])).type, 'refused');
    assert.is((await elsewhere.commit([changing(newId(partition), { a: 12 })])).type, 'refused');
    assert.equal(await ledger(), before);
  });

  test('a change and what it makes room for are one batch, and so are a return and the change behind it', async () => {
    const { show, agree, cancels } = await soldShow(under);
    await agree([changing(show, { a: 20, b: 5, c: 4 }), confirmed(show, [lineOf('a', 12), lineOf('c', 4)])]);
    await agree([...cancels, { ...changing(show, { a: 12, b: 5, c: 4 }), revision: 3 }]);
  });

  test('the last of several changes in a batch counts, and a show opened in it can be changed in it', async () => {
    const { show, agree, store, owner } = await soldShow(under);
    await agree([
      changing(show, { a: 20, b: 5 }),
      { ...changing(show, { a: 9, b: 6 }), revision: 3, name: 'last' },
    ]);
    const young = newId(owner.standing.claim.partition);
    const decisions = [
      opening(young, { a: 1 }),
      changing(young, { a: 4 }),
      confirmed(young, [lineOf('a', 4)]),
    ];
    assert.equal(await owner.commit(decisions), { type: 'committed' });
    assert.is((await store.ledgers([young])).get(young)?.pools[0]?.capacity, 4);
  });

  test('a capacity with a target follows it down as places come back, one batch at a time', async () => {
    const { show, agree, cancels, poolA } = await soldShow(under);
    await agree([changing(show, { a: { capacity: 8, target: 3 }, b: 5 })]);
    for (const [n, [capacity, target]] of [
      [6, 3],
      [4, 3],
      [3, undefined],
      [3, undefined],
    ].entries()) {
      await agree(cancels.slice(n, n + 1));
      const pool = await poolA();
      assert.equal([pool?.capacity, pool?.target], [capacity, target]);
    }
  });

  test('a target that is reached within a batch leaves room for those behind it in the batch', async () => {
    const { show, agree, cancels, poolA } = await soldShow(under);
    await agree([changing(show, { a: { capacity: 8, target: 5 }, b: 5 }), ...cancels.slice(0, 1)]);
    await agree([...cancels.slice(1), confirmed(show, [lineOf('a', 5)])]);
    const pool = await poolA();
    assert.equal([pool?.capacity, pool?.target, pool?.confirmed], [5, undefined, 5]);
  });

  test('a target set and places given back behind more that were taken: the capacity is what is left', async () => {
    const { show, agree, cancels, poolA } = await soldShow(under);
    const [first] = cancels;
    if (!first) throw new Error('four were sold');
    await agree([
      confirmed(show, [lineOf('a', 2)]),
      changing(show, { a: { capacity: 10, target: 4 }, b: 5 }),
      first,
    ]);
    assert.equal([(await poolA())?.capacity, (await poolA())?.target], [8, 4]);
  });

  test('a hold that is confirmed gives nothing back, so its pool keeps its target', async () => {
    const { show, agree, poolA } = await soldShow(under);
    const hold = held(show, [lineOf('a', 2)], { expiresAtMs: BASE_MS + 60_000 });
    await agree([hold, changing(show, { a: { capacity: 10, target: 1 }, b: 5 })]);
    await agree([{ type: 'ReservationConfirmed', ...refOf(hold), lines: hold.lines, from: 'held' }]);
    assert.equal([(await poolA())?.capacity, (await poolA())?.target], [10, 1]);
  });

  test('a change without a target ends the one there was', async () => {
    const { show, agree, cancels, poolA } = await soldShow(under);
    await agree([changing(show, { a: { capacity: 8, target: 3 }, b: 5 })]);
    await agree([{ ...changing(show, { a: 9, b: 5 }), revision: 3 }, ...cancels.slice(0, 1)]);
    assert.equal(await poolA(), {
      id: newPoolId('a'),
      name: 'Other a',
      capacity: 9,
      held: 0,
      confirmed: 6,
    });
  });
};
