import { type Connection, createConnection } from 'mysql2/promise';
import type { RequestId, ReservationId } from '../../src/domain/ids.ts';
import type { ConfirmationRequested } from '../../src/domain/requests.ts';
import { boardKey, keysOf } from '../../src/log/keys.ts';
import { ensureBoards } from '../../src/projector/boards.ts';
import { bytesOf } from '../../src/store/database/parameters.ts';
import {
  request as ask,
  customerId,
  line,
  opening,
  requestId,
  reservationId,
  showId,
} from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { openFixture, type ProjectorFixture, partition, work } from './projector-fixture.ts';

const test = suite('a row that cannot be read stops nothing else, on real servers');

let it: ProjectorFixture;
let byHand: Connection;

test.before.each(async () => {
  it = await openFixture();
  byHand = await createConnection(it.urls.databaseUrl);
});
test.after.each(async () => {
  await byHand.end();
  await it.close();
});

const stall = [line('stalls', 1)];
const [spoilt, sound] = [showId(1), showId(2)];

const confirming = (n: number, id: ReservationId): ConfirmationRequested => ({
  type: 'ConfirmationRequested',
  requestId: requestId(n),
  reservationId: id,
  actor: 'service',
  customerId: customerId('alice'),
});

const openBoth = async (rules = {}): Promise<void> => {
  for (const show of [spoilt, sound]) await it.append(opening({ stalls: 9 }, rules, show));
};

const statusOf = async (id: ReservationId): Promise<string | undefined> => {
  const found = await it.store.reservations([id]);
  return found.get(id)?.status ?? found.unreadable.get(id);
};

const parseParked = (rows: unknown) => rows as readonly { readonly id: string; readonly why: string }[];

const parked = async () => {
  const [rows] = await byHand.query('SELECT LOWER(HEX(request_id)) AS id, reason AS why FROM parked');
  return parseParked(rows);
};

const hex = (id: RequestId): string => bytesOf(id).toString('hex');

test('what asks of a show that cannot be read is parked with the reason; the rest of its batch is decided', async () => {
  await openBoth();
  await work(await it.own());
  await byHand.execute(`UPDATE shows SET rules = '{"queueSeconds":9}' WHERE id = ?`, [bytesOf(spoilt)]);
  for (const n of [1, 2, 3]) await it.append(ask(n, stall, n === 2 ? spoilt : sound));
  assert.is((await work(await it.own())).type, 'idle');
  assert.equal(await Promise.all([1, 2, 3].map((n) => statusOf(reservationId(n)))), [
    'confirmed',
    'pending',
    'confirmed',
  ]);
  const [only, ...others] = await parked();
  assert.equal([only?.id, others], [hex(reservationId(2)), []]);
  assert.match(
    only?.why ?? '',
    /^cannot be decided: show .*: rule queueSeconds is 9, which this version cannot read/,
  );
});

test('what is about a reservation that cannot be read is parked; others of the show go on', async () => {
  await openBoth({ holdSeconds: 600 });
  for (const n of [1, 2]) await it.append(ask(n, stall, sound));
  await work(await it.own());
  await byHand.execute("UPDATE reservations SET status = 'xyz' WHERE id = ?", [bytesOf(reservationId(1))]);
  for (const n of [1, 2]) await it.append(confirming(n, reservationId(n)));
  assert.is((await work(await it.own())).type, 'idle');
  assert.is(await statusOf(reservationId(2)), 'confirmed');
  const [only, ...others] = await parked();
  assert.equal([only?.id, others], [hex(requestId(1)), []]);
  assert.match(only?.why ?? '', /column status holds xyz, which this version cannot read/);
});

test('nobody passes a limit because one of their reservations cannot be counted', async () => {
  await openBoth({ maxPerCustomer: 1 });
  await it.append(ask(1, stall, sound, 'alice'));
  await work(await it.own());
  await byHand.execute("UPDATE reservations SET status = 'moved' WHERE id = ?", [bytesOf(reservationId(1))]);
  await it.append(ask(2, stall, sound, 'alice'));
  await it.append(ask(3, stall, sound, 'bob'));
  assert.is((await work(await it.own())).type, 'idle');
  assert.equal(await Promise.all([2, 3].map((n) => statusOf(reservationId(n)))), ['pending', 'confirmed']);
});

test('a hold without its reservation is due for ever, and the partition goes on deciding and lapsing', async () => {
  await openBoth({ holdSeconds: 1 });
  for (const n of [1, 2]) await it.append(ask(n, stall, sound));
  await work(await it.own());
  await byHand.execute('DELETE FROM reservations WHERE id = ?', [bytesOf(reservationId(1))]);
  await byHand.execute('UPDATE holds SET expires_at_ms = 1');
  await byHand.execute('UPDATE reservations SET expires_at_ms = 1 WHERE id = ?', [bytesOf(reservationId(2))]);
  await it.append(ask(3, stall, spoilt));
  assert.is((await work(await it.own())).type, 'idle');
  assert.equal(await Promise.all([2, 3].map((n) => statusOf(reservationId(n)))), ['expired', 'held']);
});

test('a hold lapses although its show cannot be read', async () => {
  await openBoth({ holdSeconds: 1 });
  await it.append(ask(1, stall, spoilt));
  await work(await it.own());
  await byHand.execute("UPDATE shows SET rules = 'x' WHERE id = ?", [bytesOf(spoilt)]);
  await byHand.execute('UPDATE holds SET expires_at_ms = 1');
  await byHand.execute('UPDATE reservations SET expires_at_ms = 1 WHERE id = ?', [bytesOf(reservationId(1))]);
  assert.is((await work(await it.own())).type, 'idle');
  assert.is(await statusOf(reservationId(1)), 'expired');
  const [rows] = await byHand.query('SELECT show_id FROM pools WHERE held > 0');
  assert.equal(rows, []);
});

test('a show that cannot be read does not look to the door like one that does not exist', async () => {
  await openBoth();
  await work(await it.own());
  const { boardsSealed } = keysOf(partition);
  await it.redis.del(boardsSealed);
  await ensureBoards(await it.own());
  assert.is(await it.redis.exists(boardsSealed), 1);
  await it.redis.del(boardsSealed);
  await byHand.execute("UPDATE shows SET rules = 'x' WHERE id = ?", [bytesOf(spoilt)]);
  await ensureBoards(await it.own());
  assert.is(await it.redis.exists(boardsSealed), 0);
  assert.is(await it.redis.exists(boardKey(partition, sound)), 1);
});
