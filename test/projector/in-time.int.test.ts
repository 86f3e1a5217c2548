import { msOf, parseStreamId } from '../../src/domain/stream-id.ts';
import { keysOf } from '../../src/log/keys.ts';
import { confirming } from '../domain/ask.ts';
import { line, opening, request, reservationId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { keptPromises, openFixture, type ProjectorFixture, partition, work } from './projector-fixture.ts';

/** The main cases on real servers; in-time.unit.test.ts has all of them. */
const test = suite('in time is in time, on real servers', { timeoutMs: 60_000 });

let it: ProjectorFixture;

test.before.each(async () => {
  it = await openFixture();
});
test.after.each(() => it.close());

const asks = (n: number) => request(n, [line('stalls', 1)]);

/** A hold of reservation 1 takes all places; resolves to its expiry. */
const heldByOne = async (): Promise<number> => {
  await it.append(opening({ stalls: 1 }, { holdSeconds: 10 }));
  await it.append(asks(1));
  await work(await it.own());
  const held = (await it.store.reservations([reservationId(1)])).get(reservationId(1));
  assert.is(held?.status, 'held');
  return held?.expiresAtMs ?? 0;
};

const statuses = async (...numbers: readonly number[]) => {
  const found = await it.store.reservations(numbers.map((n) => reservationId(n)));
  return numbers.map((n) => found.get(reservationId(n))?.status);
};

test('a confirm that reached the stream before the hold expired is in time for an owner that comes after it', async () => {
  const expiresAtMs = await heldByOne();
  await it.append(asks(2), `${expiresAtMs - 1_000}-0`);
  await it.append(confirming(1), `${expiresAtMs - 1}-0`);
  await it.append(asks(3), `${expiresAtMs}-0`);
  await work(await it.own());
  assert.equal(await statuses(1, 2, 3), ['confirmed', 'rejected', 'rejected']);
  keptPromises(await it.audit(), 5);
});

test('who asks when the hold has expired gets its place, in the same transaction as the lapse', async () => {
  const expiresAtMs = await heldByOne();
  await it.append(asks(2), `${expiresAtMs - 1}-0`);
  await it.append(asks(3), `${expiresAtMs}-0`);
  await it.append(confirming(1), `${expiresAtMs}-1`);
  await work(await it.own());
  assert.equal(await statuses(1, 2, 3), ['expired', 'rejected', 'held']);
  keptPromises(await it.audit(), 6);
});

test('another owner goes on from what was judged, though the clock of Redis went back behind it', async () => {
  const expiresAtMs = await heldByOne();
  // The clock was ahead: an entry after the expiry lapses the hold. Then a fail-over leads to a correct
  // clock.
  await it.append(asks(2), `${expiresAtMs + 60_000}-0`);
  await work(await it.own());
  assert.equal(await statuses(1, 2), ['expired', 'held']);
  await it.failOver();
  const owned = await it.own();
  const { progress, lease } = owned;
  assert.is(progress.judgedMs, expiresAtMs + 60_000);
  await it.log.lift({ partition, leaseToken: lease.token, inFlightMax: 0, ...progress });
  const id = parseStreamId(await it.append(confirming(1)));
  assert.ok(id && msOf(id) >= progress.judgedMs);
  await work(owned);
  assert.equal(await statuses(1), ['expired']);
  assert.is(await it.redis.xlen(keysOf(partition).requests), 1);
});
