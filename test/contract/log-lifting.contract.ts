import { beforeAll, laterOf, msOf, newStreamId } from '../../src/domain/stream-id.ts';
import { idsIn, numbersIn, requestOf } from '../log/requests.ts';
import { assert } from '../support/suite.ts';
import { at, owned, read, requests } from './log-reading.contract.ts';
import { appendAll, type LogTest, partition, token } from './log-world.ts';

/** What an owner does with a stream that may have gone back. */
export const liftingContract = (test: LogTest): void => {
  test('a new stream needs no lift', async (world) => {
    await world.setLease(partition, token);
    assert.is(
      await world.log.lift({
        partition,
        leaseToken: token,
        watermark: beforeAll,
        judgedMs: 0,
        inFlightMax: 0,
      }),
      'current',
    );
    const [id] = await appendAll(world, requests(1));
    assert.is(
      await world.log.lift({
        partition,
        leaseToken: token,
        watermark: id ?? beforeAll,
        judgedMs: 0,
        inFlightMax: 0,
      }),
      'current',
    );
  });

  test('a stream that went back gives no new entry an id below the watermark', async (world) => {
    await owned(world, 1);
    const watermark = newStreamId('99999999999999', 7);
    const task = { partition, leaseToken: token, watermark };
    assert.is(await world.log.lift({ ...task, judgedMs: 0, inFlightMax: 0 }), 'lifted');
    assert.is(await world.log.lift({ ...task, judgedMs: 0, inFlightMax: 0 }), 'current');
    const [id] = await appendAll(world, requests(1));
    assert.is(id, '99999999999999-8');
    assert.is(laterOf(id ?? beforeAll, watermark), id);
  });

  test('what was read and perhaps not committed is read again in a stream that went back', async (world) => {
    const ids = await owned(world, 3);
    await read(world, 'reset');
    const watermark = newStreamId('99999999999999', 0);
    const task = { partition, leaseToken: token, watermark };
    assert.is(await world.log.lift({ ...task, judgedMs: 0, inFlightMax: 2 }), 'lifted');
    assert.equal(idsIn(await read(world, 'reset', { watermark })), ids.slice(1));
  });

  test('new ids begin where judging has come to, while the clock is behind that', async (world) => {
    const ids = await owned(world, 1);
    const aheadMs = 99_999_999_999_999;
    await read(world, 'reset');
    const task = { partition, leaseToken: token, watermark: at(ids, 0) };
    assert.is(await world.log.lift({ ...task, judgedMs: aheadMs, inFlightMax: 0 }), 'current');
    const [id] = await appendAll(world, requests(1));
    assert.is(id, `${aheadMs}-1`);
  });

  test('what was judged by a clock that goes on leaves the last id as it is', async (world) => {
    const ids = await owned(world, 1);
    await read(world, 'reset');
    const task = { partition, leaseToken: token, watermark: at(ids, 0) };
    assert.is(await world.log.lift({ ...task, judgedMs: msOf(at(ids, 0)), inFlightMax: 0 }), 'current');
    assert.is(await world.tail.lastId(partition), ids.at(-1));
  });

  test('a group that is gone is told, though nothing else went back', async (world) => {
    const ids = await owned(world, 2);
    await read(world, 'reset');
    await world.dropGroup(partition);
    const task = { partition, leaseToken: token, watermark: at(ids, 0) };
    assert.is(await world.log.lift({ ...task, judgedMs: 0, inFlightMax: 0 }), 'lifted');
    assert.is(await world.log.lift({ ...task, judgedMs: 0, inFlightMax: 0 }), 'current');
  });

  test('a server that lost everything is told so', async (world) => {
    const ids = await owned(world, 2);
    await read(world, 'reset');
    await world.loseAll(partition);
    assert.is(
      await world.log.lift({
        partition,
        leaseToken: token,
        watermark: at(ids, -1),
        judgedMs: 0,
        inFlightMax: 0,
      }),
      'lifted',
    );
    await appendAll(world, [requestOf(partition, 7)]);
    assert.equal(numbersIn(await read(world, 'reset', { watermark: at(ids, -1) })), [7]);
  });
};
