import { assert, suite } from '../support/suite.ts';
import { newMemoryLeaseServer } from './memory-leases.ts';
import { newFaultyWire } from './memory-log-faulty-wire.ts';
import { newVirtualClock } from './virtual-clock.ts';

const ttlMs = 3_000;

const newWorld = () => {
  const clock = newVirtualClock();
  const wire = newFaultyWire();
  let serverMs = 50_000;
  const server = newMemoryLeaseServer({ clock, nowMs: () => serverMs, partitions: 4, ttlMs });
  const turnServer = (ms: number): void => {
    serverMs += ms;
  };
  return { clock, wire, server, turnServer, a: server.leases('a', wire), b: server.leases('b') };
};

const failed = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => false,
    () => true,
  );

const test = suite('the leases in memory, on wires that fail and with servers that go back');

test('a lease whose answer was lost is taken again with the same token, by its owner only', async () => {
  const { wire, server, a, b } = newWorld();
  wire.next = 'no answer';
  assert.ok(await failed(a.acquire(1)));
  const token = server.token(1);
  assert.is(server.holder(1), 'a');
  assert.is(await b.acquire(1), undefined);
  assert.is((await a.acquire(1))?.lease.token, token);
  assert.is(await a.acquire(1), undefined, 'once answered, it is not free for its owner either');
});

test('an answer that takes a quarter of the TTL is given up, though the lease may be taken', async () => {
  const { clock, server } = newWorld();
  const never = {
    ...newFaultyWire(),
    ask: <T>(_: string, effect: () => T | Promise<T>) => neverAnswered(effect),
  };
  const asked = failed(server.leases('slow', never).acquire(1));
  await clock.advance(ttlMs / 4);
  assert.ok(await asked);
  assert.is(server.holder(1), 'slow');
});

test('leases and members expire by the clock of the server', async () => {
  const { clock, server, turnServer, a, b } = newWorld();
  const first = await a.acquire(1);
  await clock.advance(10 * ttlMs);
  assert.ok(first && (await a.renew(first.lease)) !== undefined);
  await server.members().heartbeat({ id: 'a', held: 1 });
  turnServer(ttlMs + 1);
  assert.is(server.token(1), undefined);
  assert.is(await a.renew(first.lease), undefined);
  assert.ok(await b.acquire(1));
  assert.equal(await server.members().heartbeat({ id: 'b', held: 1 }), [{ id: 'b', held: 1 }]);
});

test('leases and members go back to the snapshot as often as it is restored, and tokens are new again', async () => {
  const { server, a, b } = newWorld();
  const kept = await a.acquire(1);
  await server.members().heartbeat({ id: 'a', held: 1 });
  const before = server.snapshot();
  const tokens = new Set([kept?.lease.token]);
  for (let round = 0; round < 2; round += 1) {
    if (kept) await a.release(kept.lease);
    tokens.add((await b.acquire(1))?.lease.token);
    await server.members().leave('a');
    server.restore(before);
    assert.is(server.token(1), kept?.lease.token);
    const live = await server.members().heartbeat({ id: 'b', held: 0 });
    assert.equal(
      live.map(({ id }) => id),
      ['a', 'b'],
    );
  }
  assert.is(tokens.size, 3);
});

test('what the server tells comes over the wire of the listener, or not at all', async () => {
  const { wire, server, b } = newWorld();
  let heard = 0;
  server.members(wire).onChange(() => {
    heard += 1;
  });
  const release = async (): Promise<void> => {
    const acquired = await b.acquire(1);
    if (acquired) await b.release(acquired.lease);
    await Promise.resolve();
  };
  wire.messages = 'lost';
  await release();
  assert.is(heard, 0);
  wire.messages = 'delivered';
  await release();
  assert.is(heard, 1);
});

const neverAnswered = <T>(effect: () => T | Promise<T>): Promise<T> => {
  void effect();
  return new Promise(() => undefined);
};
