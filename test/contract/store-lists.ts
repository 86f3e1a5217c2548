import { confirmed, lineOf, newCustomerId, newId, newOwner, opening, rejected } from '../store/story.ts';
import { assert, type Suite } from '../support/suite.ts';
import { newPartition, type Under } from './opened-store.ts';

export const listing = (test: Suite, under: Under): void => {
  test("a customer's own reservations come newest first, filtered, in pages", async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const other = newId(partition);
    const customer = 'the lister';
    const [a, b, c, d] = [newId(partition), newId(partition), newId(partition), newId(partition)];
    await owner.commit([
      opening(show, { a: 50 }),
      opening(other, { a: 50 }),
      confirmed(show, [lineOf('a', 1)], { customer, id: a, reference: 'first' }),
      confirmed(other, [lineOf('a', 1)], { customer, id: b }),
      rejected(show, [lineOf('a', 1)], { customer, id: c, reason: 'sold-out' }),
      confirmed(show, [lineOf('a', 1)], { customer, id: d }),
    ]);
    const list = async (filter: object): Promise<readonly string[]> =>
      (await reader.reservations({ customerId: newCustomerId(customer), limit: 10, ...filter })).rows.map(
        ({ id }) => id,
      );
    assert.equal(await list({}), [d, c, b, a]);
    assert.equal(await list({ showId: show }), [d, c, a]);
    assert.equal(await list({ status: 'rejected' }), [c]);
    assert.equal(await list({ reference: 'first' }), [a]);
    assert.equal(await list({ reference: 'FIRST' }), []);
    assert.equal(await list({ limit: 2 }), [d, c]);
    assert.equal(await list({ limit: 2, after: c }), [b, a]);
  });

  test("a show's reservations come newest first, everybody's, filtered, in pages", async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const [show, other] = [newId(partition), newId(partition)];
    const [a, b, c, d] = [newId(partition), newId(partition), newId(partition), newId(partition)];
    await owner.commit([
      opening(show, { a: 50 }),
      opening(other, { a: 50 }),
      confirmed(show, [lineOf('a', 1)], { customer: 'one', id: a, reference: 'first' }),
      confirmed(other, [lineOf('a', 1)], { customer: 'two', id: b }),
      rejected(show, [lineOf('a', 1)], { customer: 'two', id: c, reason: 'sold-out' }),
      confirmed(show, [lineOf('a', 1)], { customer: 'three', id: d }),
    ]);
    const list = async (filter: object): Promise<readonly string[]> =>
      (await reader.reservations({ showId: show, limit: 10, ...filter })).rows.map(({ id }) => id);
    assert.equal(await list({}), [d, c, a]);
    assert.equal(await list({ status: 'confirmed' }), [d, a]);
    assert.equal(await list({ reference: 'first' }), [a]);
    assert.equal(await list({ limit: 2 }), [d, c]);
    assert.equal(await list({ limit: 2, after: c }), [a]);
    assert.equal(await list({ customerId: newCustomerId('two') }), [c]);
    const next = async (filter: object): Promise<string | undefined> =>
      (await reader.reservations({ showId: show, limit: 2, ...filter })).next;
    assert.equal(await Promise.all([next({}), next({ after: c }), next({ limit: 3 })]), [
      c,
      undefined,
      undefined,
    ]);
  });

  test('a page of a filtered list looks at 5,000 rows and says where the next one goes on, found or not', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const customer = `many-${show}`;
    const ids = Array.from({ length: 6_001 }, () => newId(partition)).toSorted();
    await owner.commit([opening(show, { a: 10_000 })]);
    for (let from = 0; from < ids.length; from += 2_000)
      await owner.commit(
        ids.slice(from, from + 2_000).map((id, index) =>
          confirmed(show, [lineOf('a', 1)], {
            customer,
            id,
            ...(from + index === 0 && { reference: 'the oldest' }),
          }),
        ),
      );
    for (const whose of [{ showId: show }, { customerId: newCustomerId(customer) }]) {
      const first = await reader.reservations({ ...whose, reference: 'the oldest', limit: 10 });
      assert.equal(first, { rows: [], next: ids.at(-5_000) });
      const { rows, next } = await reader.reservations({
        ...whose,
        reference: 'the oldest',
        limit: 10,
        ...(first.next && { after: first.next }),
      });
      assert.equal([rows.map(({ id }) => id), next], [[ids[0]], undefined]);
    }
  });
};
