import type { CommandOptions } from '../../src/command/options.ts';
import { requestKeyOf } from '../../src/command/request-key.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { requestIdOf } from '../../src/domain/requests.ts';
import {
  alice,
  asAdmin,
  asAlice,
  nowMs,
  reservationIds,
  reservationOf,
  show,
  untouched,
  waitFor,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { decided, newWorld, reservationIdOf, soldOut } from './keyed-world.ts';

const test = suite('command: keys that Redis forgot, cannot tell, or would not take');

test('keys that cannot be asked: 503, and nothing is appended', async () => {
  const failing = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  const { post, appended } = newWorld({ keys: { claim: failing, owner: failing } });
  const { statusCode, headers, json } = await post({ key: 'a' });
  assert.equal([statusCode, json().code, headers['retry-after']], [503, 'overloaded', '1']);
  assert.is(appended.length, 0);
});

test('Redis forgot the key and the decision says so: answered as the first request was', async () => {
  const first = reservationIds.mint(3, alice);
  const reservation = reservationOf(first, { status: 'held', expiresAtMs: nowMs + 60_000 });
  const asked: string[] = [];
  const lookUp = async (id: string): Promise<Outcome> => {
    asked.push(id);
    return { type: 'reservation', reservation };
  };
  const duplicate = decided({ status: 'rejected', reason: 'duplicate-request', firstId: first });
  const { post } = newWorld({ outcomes: duplicate, lookUp });
  const headers = { ...asAlice, prefer: 'wait=5' };
  const response = await post({ key: 'a', headers });
  assert.equal([response.statusCode, response.json().id, response.json().status], [201, first, 'held']);
  assert.is(response.json().expiresAt, '2026-01-31T20:01:00.000Z');
  assert.is(response.headers['idempotent-replayed'], 'true');
  assert.is(response.headers.location, `/v1/reservations/${first}`);
  assert.equal(asked, [first]);
  const away = await post({ key: 'b', headers, options: { lookUp: async () => undefined } });
  assert.equal(
    [away.statusCode, away.json().code, away.json().instance],
    [409, 'duplicate-request', `/v1/reservations/${first}`],
  );
});

test('decided as a key of another request: 422', async () => {
  const first = reservationIds.mint(3, alice);
  const outcomes = decided({ status: 'rejected', reason: 'idempotency-key-reused', firstId: first });
  const { post } = newWorld({ outcomes, lookUp: untouched });
  const { statusCode, json } = await post({ key: 'a', headers: { ...asAlice, prefer: 'wait=5' } });
  assert.equal([statusCode, json().code], [422, 'idempotency-key-reused']);
});

test('a follow-up whose key Redis forgot is answered as the first was', async () => {
  const id = reservationIds.mint(3, alice);
  const first = reservationIds.mint(3, alice);
  const outcomes: CommandOptions['outcomes'] = {
    wait: (requestId) =>
      waitFor({ type: 'answer', requestId, refusal: { reason: 'duplicate-request', firstId: first } }),
  };
  const reservation = reservationOf(id, { status: 'cancelled', changedAtMs: nowMs + 20 });
  const lookUp = async (requestId: typeof first): Promise<Outcome> => ({
    type: 'answer',
    requestId,
    reservation,
  });
  const { post } = newWorld({ outcomes, lookUp: (asked) => lookUp(reservationIdOf(asked)) });
  const response = await post({ url: `/v1/reservations/${id}/cancel`, key: 'a', payload: {} });
  assert.equal([response.statusCode, response.json().status], [200, 'cancelled']);
  assert.is(response.headers['idempotent-replayed'], 'true');
});

test('a show whose key Redis forgot is answered as the first was', async () => {
  const outcomes: CommandOptions['outcomes'] = {
    wait: (requestId) =>
      waitFor({ type: 'answer', requestId, refusal: { reason: 'duplicate-request', firstId: show.showId } }),
  };
  const { post } = newWorld({ outcomes, lookUp: async () => ({ type: 'show', show }) });
  const payload = { name: 'Opening night', pools: [{ id: 'standing', name: 'Standing', capacity: 5 }] };
  const { statusCode, headers } = await post({ url: '/v1/shows', key: 'a', payload, headers: asAdmin });
  assert.equal([statusCode, headers.location], [201, `/v1/shows/${show.showId}`]);
});

test('what a key may look like: a quoted string or a token of 1 to 255 characters, or 400', async () => {
  const { post } = newWorld();
  const quoted = String.raw`"with spaces and \"quotes\""`;
  const good = ['a', '8e03978e-40d5-43e8-bc93-6894a57f9324', quoted, 'x'.repeat(255), `"${'x'.repeat(255)}"`];
  for (const key of good) assert.is((await post({ key })).statusCode, 202, key);
  const bad = ['', '""', '"open', 'a b', 'a, a', '"a", "a"', 'x'.repeat(256), `"${'x'.repeat(256)}"`, 'é'];
  for (const key of bad) {
    const { statusCode, json } = await post({ key });
    assert.equal([statusCode, json().errors?.[0]?.pointer], [400, 'idempotency-key'], key);
  }
});

test('hash and fingerprint are 16 bytes in hex, and a scope cannot be imitated by a key', () => {
  const key = requestKeyOf('a', { scope: ['customer', 'x'], command: () => [] });
  assert.match(`${key?.hash} ${key?.fingerprint}`, /^[0-9a-f]{32} [0-9a-f]{32}$/);
  const hashes = [
    requestKeyOf('x', { scope: ['customer', 'a'], command: () => [] }),
    requestKeyOf('a', { scope: ['customer', 'x'], command: () => [] }),
    requestKeyOf('a', { scope: ['admin'], command: () => [] }),
    requestKeyOf('a', { scope: ['customer', 'admin'], command: () => [] }),
  ].map((one) => one?.hash);
  assert.is(new Set(hashes).size, 4);
});

test('a customer whose key Redis has forgotten is not told "sold out" at the door: the tables remember', async () => {
  const first = reservationIds.mint(3, alice);
  const { post, appended } = newWorld({
    boards: soldOut,
    keyOnRecord: async ({ fingerprint }) => ({ requestId: first, fingerprint }),
    outcomes: decided(),
  });
  const answer = await post({ key: 'a', headers: { ...asAlice, prefer: 'wait=1' } });
  assert.equal([answer.statusCode, answer.json().id], [201, first]);
  assert.equal(appended.map(requestIdOf), [first]);
});

test('with the tables away a refusal at the door stands', async () => {
  const keyOnRecord = () => Promise.reject(new Error('MySQL is away'));
  const answer = await newWorld({ boards: soldOut, keyOnRecord }).post({ key: 'a' });
  assert.equal([answer.statusCode, answer.json().code], [409, 'sold-out']);
});
