import { beforeAll, newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import { lookUpEach } from '../log/look-up-each.ts';
import { numbersIn, outcomeOf, reservationIdOf } from '../log/requests.ts';
import { assert, suite } from '../support/suite.ts';
import { key, leaseToken, newFaultyWorld, partition, show } from './memory-log-faulty-world.ts';

const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return done;
};

const failed = async (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => false,
    () => true,
  );

const wires = suite('the log in memory, on wires that fail');

wires('an append that never left is refused, one without an answer is unknown', async () => {
  const { wire, server, append } = newFaultyWorld();
  wire.next = 'not sent';
  assert.equal(await append(1), ['refused']);
  assert.is(server.entries(partition).length, 0);
  wire.next = 'no answer';
  assert.equal(await append(2), ['unknown']);
  assert.is(server.entries(partition).length, 1);
  wire.next = 'held back';
  assert.equal(await append(3), ['unknown']);
  assert.is(server.entries(partition).length, 1);
  wire.release();
  assert.is(server.entries(partition).length, 2);
});

wires('a server without memory refuses to keep anything, and goes on reading', async () => {
  const { server, log, append, read } = newFaultyWorld();
  await append(1);
  server.refuseWrites('OOM command not allowed');
  assert.equal(await append(2), ['refused']);
  assert.ok(await failed(log.requestKeys.claim(key, reservationIdOf(partition, 1))));
  assert.ok(await failed(log.boards.announceClosing({ showId: show, revision: 1 })));
  assert.equal(numbersIn(await read('reset')), [1]);
  server.refuseWrites(undefined);
  assert.equal(await append(2), ['appended']);
});

wires('a read whose answer was lost is read again', async () => {
  const { wire, append, read } = newFaultyWorld();
  await append(1, 2, 3);
  assert.equal(numbersIn(await read('reset', beforeAll, 1)), [1]);
  const first = newStreamId(5_000, 0);
  wire.next = 'no answer';
  assert.ok(await failed(read('go on', first, 1)));
  assert.equal(numbersIn(await read('go on', first)), [2, 3]);
});

wires('a read that arrives after its sender asked again makes nobody skip what it took', async () => {
  const { wire, append, read } = newFaultyWorld();
  await append(1);
  const first = newStreamId(5_000, 0);
  wire.next = 'held back';
  assert.ok(await failed(read('reset')));
  assert.equal(numbersIn(await read('reset')), [1]);
  await append(2, 3);
  wire.release();
  assert.equal(numbersIn(await read('go on', first)), [2, 3]);
});

wires('a reconnect is told once, and not to a read that resets anyway', async () => {
  const { wire, append, read } = newFaultyWorld();
  await append(1);
  assert.is((await read('reset')).type, 'read');
  wire.reconnect();
  assert.is((await read('go on')).type, 'reconnected');
  assert.is((await read('reset')).type, 'read');
  wire.reconnect();
  assert.is((await read('reset')).type, 'read');
  assert.is((await read('go on')).type, 'read');
});

wires('the doorbell rings without any time passing, and within a second when the ring is lost', async () => {
  const { clock, wire, log, append } = newFaultyWorld();
  const wait = (after: StreamId) =>
    log.partitionLog.waitForEntries({
      partition,
      after,
      timeoutMs: 60_000,
      signal: new AbortController().signal,
    });
  const heard = wait(beforeAll);
  await settled(heard);
  await append(1);
  assert.ok(await settled(heard));
  const unheard = wait(newStreamId(5_000, 0));
  await settled(unheard);
  wire.messages = 'lost';
  await append(2);
  assert.not(await settled(unheard));
  await clock.advance(1_000);
  assert.ok(await settled(unheard));
  assert.is(clock.sleepers(), 0);
});

wires('a wait at the doorbell ends when aborted, without any time passing', async () => {
  const { log } = newFaultyWorld();
  const controller = new AbortController();
  const { signal } = controller;
  const heard = log.partitionLog.waitForEntries({ partition, after: beforeAll, timeoutMs: 60_000, signal });
  assert.not(await settled(heard));
  controller.abort();
  assert.ok(await settled(heard));
});

wires('an outcome told over a connection that is gone is not heard, but found in the tables', async () => {
  let looks = 0;
  const lookUp = lookUpEach(async () => (looks++ > 0 ? outcomeOf(partition, 1) : undefined));
  const { clock, wire, log } = newFaultyWorld({ lookUp });
  const { outcome } = log.outcomes.wait(reservationIdOf(partition, 1), { timeoutMs: 60_000 });
  await settled(outcome);
  assert.is(looks, 1);
  wire.reconnect();
  const published = { partition, leaseToken, boards: [], outcomes: [outcomeOf(partition, 1)] };
  await log.partitionLog.publish(published);
  assert.not(await settled(outcome));
  await clock.advance(1_000);
  assert.equal(await outcome, outcomeOf(partition, 1));
});
