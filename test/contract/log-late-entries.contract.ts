import { newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import type { ReadVerdict } from '../../src/log/contract.ts';
import { numbersIn, requestOf } from '../log/requests.ts';
import { assert } from '../support/suite.ts';
import { type LogTest, type LogWorld, partition } from './log-world.ts';

/** All ids in these tests are 1000-<n>, and request n is there. */
const place = (n: number): StreamId => newStreamId(1_000, n);

const add = async (world: LogWorld, ...numbers: readonly number[]): Promise<void> => {
  for (const n of numbers) await world.appendAt(partition, place(n), requestOf(partition, n));
};

const readAs =
  (world: LogWorld, leaseToken: string, watermark: StreamId) =>
  (reset: 'reset' | 'go on', count = 100): Promise<ReadVerdict> =>
    world.log.read({ partition, leaseToken, count, watermark, reset: reset === 'reset' });

/**
 * Entries up to 10 are decided. Then the server goes back to 5, and 6, 7 and 8 are other requests than
 * before.
 */
const goneBack = async (world: LogWorld): Promise<void> => {
  await world.setLease(partition, 'a');
  await add(world, 1, 2, 3, 4, 5, 9, 10);
  await readAs(world, 'a', place(0))('reset');
  await world.goBack(partition, place(5));
  await add(world, 6, 7, 8);
};

/** A new owner; the former one is dead, whatever it had read. */
const takeOver = async (world: LogWorld, leaseToken: string) => {
  await world.setLease(partition, leaseToken);
  await world.log.lift({ partition, leaseToken, watermark: place(10), judgedMs: 0, inFlightMax: 0 });
  return readAs(world, leaseToken, place(10));
};

export const lateEntriesContract = (test: LogTest): void => {
  test('entries that slipped below the watermark are read', async (world) => {
    await goneBack(world);
    const read = await takeOver(world, 'b');
    assert.equal(numbersIn(await read('reset')), [6, 7, 8]);
  });

  test('late entries that a dead owner read are read again, however many owners die', async (world) => {
    await goneBack(world);
    for (const owner of ['b', 'c', 'd']) {
      const read = await takeOver(world, owner);
      assert.equal(numbersIn(await read('reset', 2)), [6, 7]);
    }
    const read = await takeOver(world, 'e');
    assert.equal(numbersIn(await read('reset', 2)), [6, 7]);
    assert.equal(numbersIn(await read('go on', 2)), [8]);
  });

  test('an owner that dies half way through the late entries leaves none behind', async (world) => {
    await goneBack(world);
    const b = await takeOver(world, 'b');
    assert.equal(numbersIn(await b('reset', 1)), [6]);
    assert.equal(numbersIn(await b('go on', 2)), [7, 8]);
    const c = await takeOver(world, 'c');
    const again = numbersIn(await c('reset'));
    assert.ok(again.includes(7) && again.includes(8), `read again: ${again}`);
  });

  test('whoever asks is told that late entries may be undecided, until they are decided', async (world) => {
    const told: boolean[] = [];
    const ask = async () => void told.push(await world.tail.mayHoldLate(partition));
    await ask();
    await goneBack(world);
    await ask();
    const read = await takeOver(world, 'b');
    await ask();
    assert.equal(numbersIn(await read('reset')), [6, 7, 8]);
    await ask();
    assert.equal(numbersIn(await read('go on')), []);
    await ask();
    assert.equal(told, [false, true, true, true, false]);
  });

  test('late entries that are decided are not read for ever', async (world) => {
    await goneBack(world);
    await add(world, 11);
    const b = await takeOver(world, 'b');
    assert.equal(numbersIn(await b('reset', 3)), [6, 7, 8]);
    assert.equal(numbersIn(await b('go on')), [11]);
    const c = await takeOver(world, 'c');
    assert.equal(numbersIn(await c('reset')), [11]);
  });

  test('an owner that never noticed the server going back loses nothing when it dies', async (world) => {
    await world.setLease(partition, 'a');
    await add(world, 1, 2, 3, 4, 5);
    const a = readAs(world, 'a', place(10));
    await a('reset');
    await add(world, 6, 7);
    assert.equal(numbersIn(await a('go on')), [6, 7]);
    const b = await takeOver(world, 'b');
    assert.equal(numbersIn(await b('reset')), [6, 7]);
  });

  test('an owner that goes on, not knowing that the server went back, reads what it was given since', async (world) => {
    await goneBack(world);
    const a = readAs(world, 'a', place(10));
    assert.equal(numbersIn(await a('go on', 2)), [6, 7]);
    const b = await takeOver(world, 'b');
    assert.equal(numbersIn(await b('reset')), [6, 7, 8]);
  });

  test('late entries are not trimmed before they are decided', async (world) => {
    const numbers = Array.from({ length: 400 }, (_, n) => n + 1);
    await world.setLease(partition, 'a');
    await add(world, ...numbers);
    const a = readAs(world, 'a', place(999));
    await a('reset', 400);
    await world.log.trim({ partition, leaseToken: 'a', watermark: place(999) });
    assert.equal(numbersIn(await a('reset', 400)), numbers);
  });

  test('a group that is gone starts again at the beginning, whatever is committed', async (world) => {
    await world.setLease(partition, 'a');
    await add(world, 1, 2, 3, 4, 5);
    const a = readAs(world, 'a', place(3));
    await a('reset');
    await world.dropGroup(partition);
    assert.equal(numbersIn(await a('reset')), [1, 2, 3, 4, 5]);
    await world.dropGroup(partition);
    assert.equal(numbersIn(await a('go on')), [1, 2, 3, 4, 5]);
  });

  test('what a server that lost everything was given since is read, even below the watermark', async (world) => {
    await world.setLease(partition, 'a');
    await add(world, 1, 2, 3, 10);
    await readAs(world, 'a', place(0))('reset');
    await world.loseAll(partition);
    await add(world, 4, 5);
    const b = await takeOver(world, 'b');
    assert.equal(numbersIn(await b('reset')), [4, 5]);
  });
  test('what a server that lost everything was given is read, though ids have passed the watermark again', async (world) => {
    await world.setLease(partition, 'a');
    await add(world, 1, 2, 3, 10);
    await readAs(world, 'a', place(0))('reset');
    await world.loseAll(partition);
    await add(world, 8, 9, 11);
    const b = await takeOver(world, 'b');
    assert.equal(numbersIn(await b('reset')), [8, 9, 11]);
  });
};
