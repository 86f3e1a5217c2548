import { beforeAll, newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import type { ReadVerdict } from '../../src/log/contract.ts';
import { idsIn, requestOf } from '../log/requests.ts';
import { assert } from '../support/suite.ts';
import { appendAll, type LogTest, type LogWorld, partition, token } from './log-world.ts';

export const requests = (count: number) => Array.from({ length: count }, (_, n) => requestOf(partition, n));

interface ReadOptions {
  readonly count?: number;
  readonly watermark?: StreamId;
  readonly leaseToken?: string;
}

export const read = (
  world: LogWorld,
  reset: 'reset' | 'go on',
  reading: ReadOptions = {},
): Promise<ReadVerdict> =>
  world.log.read({
    partition,
    leaseToken: token,
    count: 100,
    watermark: beforeAll,
    ...reading,
    reset: reset === 'reset',
  });

const bell = (world: LogWorld, after: StreamId, timeoutMs: number, signal = new AbortController().signal) =>
  world.log.waitForEntries({ partition, after, timeoutMs, signal });

export const owned = async (world: LogWorld, count: number): Promise<readonly StreamId[]> => {
  await world.setLease(partition, token);
  return appendAll(world, requests(count));
};

/** Entries older than any retention; request n is at 1000-<n + 1>. */
const ownedLongAgo = async (world: LogWorld, count: number): Promise<readonly StreamId[]> => {
  await world.setLease(partition, token);
  const ids = Array.from({ length: count }, (_, n) => newStreamId(1_000, n + 1));
  for (const [n, id] of ids.entries()) await world.appendAt(partition, id, requestOf(partition, n));
  return ids;
};

export const at = (ids: readonly StreamId[], index: number): StreamId => {
  const id = ids.at(index);
  if (id === undefined) throw new Error(`there is no entry ${index}`);
  return id;
};

const order = (test: LogTest): void => {
  test('reading goes on where it stopped, in order and at most so many', async (world) => {
    const ids = await owned(world, 5);
    const first = await read(world, 'reset', { count: 2 });
    assert.equal(idsIn(first), ids.slice(0, 2));
    assert.is(first.type === 'read' && first.lastDelivered, ids[1]);
    const rest = await read(world, 'go on', { watermark: at(ids, 1) });
    assert.equal(idsIn(rest), ids.slice(2));
    const none = await read(world, 'go on', { watermark: at(ids, 4) });
    assert.equal(idsIn(none), []);
    assert.is(none.type === 'read' && none.lastDelivered, ids[4]);
  });

  test('what was read and never committed is read again before anything newer', async (world) => {
    const ids = await owned(world, 4);
    await read(world, 'reset', { count: 3 });
    await world.setLease(partition, 'owner:2');
    const again = { leaseToken: 'owner:2', watermark: at(ids, 0), count: 2 };
    assert.equal(idsIn(await read(world, 'reset', again)), ids.slice(1, 3));
    const rest = { leaseToken: 'owner:2', watermark: at(ids, 2) };
    assert.equal(idsIn(await read(world, 'go on', rest)), ids.slice(3));
  });

  test('a read whose answer never came makes nobody skip what it took', async (world) => {
    const ids = await owned(world, 4);
    await read(world, 'reset', { count: 1 });
    const unheard = { partition, leaseToken: token, count: 2, watermark: at(ids, 0), reset: true };
    assert.equal(idsIn(await world.unheardRead(unheard)), ids.slice(1, 3));
    assert.equal(idsIn(await read(world, 'go on', { watermark: at(ids, 0) })), ids.slice(1));
  });

  test("the time of a read is the server's and does not go back", async (world) => {
    await owned(world, 1);
    const before = await read(world, 'reset');
    const after = await read(world, 'reset');
    const [a, b] = [before, after].map((verdict) => (verdict.type === 'read' ? verdict.nowMs : Number.NaN));
    assert.ok(a !== undefined && b !== undefined && a <= b && Number.isInteger(b));
  });

  test('a stream that does not exist yet reads as empty', async (world) => {
    await world.setLease(partition, token);
    assert.equal(idsIn(await read(world, 'reset')), []);
    const [id] = await appendAll(world, requests(1));
    assert.equal(idsIn(await read(world, 'go on')), [id]);
  });

  test('entries that cannot be judged are handed over, not thrown', async (world) => {
    await world.setLease(partition, token);
    await world.appendRaw(partition, ['v', '1', 'r', '{"t":"reserve"}']);
    await world.appendRaw(partition, ['v', '3', 'whatever', 'comes']);
    const verdict = await read(world, 'reset');
    const types = verdict.type === 'read' ? verdict.entries.map(({ content }) => content.type) : [];
    assert.equal(types, ['broken', 'newer']);
  });
};

const fencing = (test: LogTest): void => {
  test('reading without the current lease returns nothing and moves nothing', async (world) => {
    const ids = await owned(world, 2);
    await read(world, 'reset', { count: 1 });
    for (const reset of ['reset', 'go on'] as const) {
      assert.is((await read(world, reset, { leaseToken: 'owner:0' })).type, 'lease-lost');
    }
    assert.equal(idsIn(await read(world, 'go on', { watermark: at(ids, 0) })), ids.slice(1));
  });

  test('trimming and lifting without the current lease do nothing', async (world) => {
    const ids = await ownedLongAgo(world, 400);
    await read(world, 'reset', { count: 400 });
    const task = { partition, leaseToken: 'owner:0', watermark: newStreamId('99999999999999', 0) };
    await world.log.trim(task);
    assert.is(await world.log.lift({ ...task, judgedMs: 0, inFlightMax: 0 }), 'lease-lost');
    assert.equal(await world.idsOf(partition), ids);
    assert.is(await world.tail.lastId(partition), ids.at(-1));
  });
};

const trimming = (test: LogTest): void => {
  test('trimming drops what is old and decided, and nothing above the watermark', async (world) => {
    const ids = await ownedLongAgo(world, 400);
    await read(world, 'reset', { count: 400 });
    await world.log.trim({ partition, leaseToken: token, watermark: at(ids, 249) });
    const left = await world.idsOf(partition);
    assert.ok(left.length < 400, 'nothing was dropped');
    assert.equal(left.slice(-150), ids.slice(250));
  });

  test('nothing that was not read is trimmed, even below the watermark', async (world) => {
    const ids = await ownedLongAgo(world, 400);
    await read(world, 'reset', { count: 150 });
    await world.log.trim({ partition, leaseToken: token, watermark: at(ids, -1) });
    const left = await world.idsOf(partition);
    assert.ok(left.length < 400, 'nothing was dropped');
    assert.equal(left.slice(-250), ids.slice(150));
  });
};

const doorbell = (test: LogTest): void => {
  test('the doorbell rings for an entry that is there, and for one that comes', async (world) => {
    const [first] = await owned(world, 1);
    await bell(world, beforeAll, 60_000);
    const rung = bell(world, first ?? beforeAll, 60_000);
    await appendAll(world, requests(1));
    await rung;
  });

  test('the doorbell gives up after its time, and at once when aborted', async (world) => {
    await bell(world, beforeAll, 30);
    const controller = new AbortController();
    const rung = bell(world, beforeAll, 60_000, controller.signal);
    // Once these calls are answered, the blocking read has reached the server.
    for (let n = 0; n < 20; n += 1) await world.tail.lastId(partition);
    const abortedAtMs = performance.now();
    controller.abort();
    await rung;
    assert.ok(performance.now() - abortedAtMs < 400, 'it took its time');
    await bell(world, beforeAll, 60_000, controller.signal);
  });

  test('waiting at the doorbell changes nothing', async (world) => {
    const ids = await owned(world, 2);
    await read(world, 'reset', { count: 1 });
    await bell(world, at(ids, 0), 60_000);
    assert.equal(idsIn(await read(world, 'go on', { watermark: at(ids, 0) })), ids.slice(1));
  });
};

export const readingContract = (test: LogTest): void => {
  for (const part of [order, fencing, trimming, doorbell]) part(test);
};
