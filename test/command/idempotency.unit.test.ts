import type { CommandOptions } from '../../src/command/options.ts';
import { parseShowId } from '../../src/domain/ids.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { requestIdOf } from '../../src/domain/requests.ts';
import type { RequestKeys } from '../../src/log/contract.ts';
import {
  alice,
  asAdmin,
  asAlice,
  idle,
  keysInMemory,
  reservationIds,
  reservationOf,
  show,
  showId,
  untouched,
  waitFor,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { body, decided, newWorld, soldOut } from './keyed-world.ts';

const test = suite('command: idempotency key');

test('the same key and body: the same reservation, appended again under the same id', async () => {
  const { post, appended } = newWorld();
  const first = await post({ key: 'a' });
  const second = await post({ key: 'a' });
  assert.equal([first.statusCode, first.headers['idempotent-replayed']], [202, undefined]);
  assert.equal([second.statusCode, second.headers['idempotent-replayed']], [202, 'true']);
  assert.is(second.json().id, first.json().id);
  assert.equal(
    appended.map((event) => [requestIdOf(event), event.key]),
    [appended[0], appended[0]].map((event) => [first.json().id, event?.key]),
  );
});

test('without a key each request is its own', async () => {
  const { post, appended } = newWorld({ keys: { claim: untouched, owner: untouched } });
  const [one, other] = [await post({}), await post({})];
  assert.is.not(one.json().id, other.json().id);
  assert.ok(appended.every((event) => !('key' in event)));
});

test('the same key and another body, or another route, is 422, and nothing is appended', async () => {
  const { post, appended } = newWorld();
  const { id } = (await post({ key: 'a' })).json();
  const more = await post({ key: 'a', payload: { ...body, reference: 'other' } });
  assert.equal([more.statusCode, more.json().code], [422, 'idempotency-key-reused']);
  const elsewhere = await post({ key: 'a', url: `/v1/reservations/${id}/cancel`, payload: {} });
  assert.equal([elsewhere.statusCode, elsewhere.json().code], [422, 'idempotency-key-reused']);
  assert.is(appended.length, 1);
});

test('the same in other words is the same: lines summed and in any order, quotes or none', async () => {
  const { post } = newWorld();
  const line = (poolId: string, quantity: number) => ({ poolId, quantity });
  const one = await post({
    key: 'a b c'.replaceAll(' ', '-'),
    payload: { showId, lines: [line('standing', 3), line('balcony', 1)] },
  });
  const other = await post({
    key: '"a-b-c"',
    payload: { showId, lines: [line('balcony', 1), line('standing', 1), line('standing', 2)] },
  });
  assert.equal([other.statusCode, other.json().id], [202, one.json().id]);
});

test('two customers may use the same key', async () => {
  const { post } = newWorld();
  const one = await post({ key: 'a' });
  const other = await post({ key: 'a', headers: { 'x-customer-id': 'bob' } });
  assert.equal([other.statusCode, other.headers['idempotent-replayed']], [202, undefined]);
  assert.is.not(one.json().id, other.json().id);
});

test('whoever holds the last places is not told sold-out on a retry', async () => {
  const { post } = newWorld();
  const first = await post({ key: 'a' });
  const options = { boards: soldOut, outcomes: decided() };
  const again = await post({ key: 'a', options, headers: { ...asAlice, prefer: 'wait=5' } });
  assert.equal([again.statusCode, again.json().id], [201, first.json().id]);
  assert.is(again.headers['idempotent-replayed'], 'true');
  const longQueue = { backlogs: { of: () => ({ ...idle, entries: 1_000_000 }) } };
  assert.is((await post({ key: 'a', options: longQueue })).statusCode, 202);
});

test('a retry without a wait is told what the tables know; when they are away, that it is in the queue', async () => {
  const { post } = newWorld();
  const { id } = (await post({ key: 'a' })).json();
  const reservation = reservationOf(id);
  const lookUp = async (): Promise<Outcome> => ({ type: 'reservation', reservation });
  const again = await post({ key: 'a', options: { lookUp } });
  assert.equal([again.statusCode, again.json().id, again.json().status], [201, id, 'confirmed']);
  const failing = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  assert.is((await post({ key: 'a', options: { lookUp: failing } })).statusCode, 202);
});

test('a door refusal is not remembered by its key', async () => {
  const { post, appended } = newWorld();
  const options = { boards: soldOut };
  const refused = await post({ key: 'a', options });
  assert.equal([refused.statusCode, refused.json().code], [409, 'sold-out']);
  const later = await post({ key: 'a' });
  assert.equal([later.statusCode, later.headers['idempotent-replayed']], [202, undefined]);
  assert.is(appended.length, 1);
});

test('one question about a key: claim when the door is open, owner when it is not', async () => {
  const asked: string[] = [];
  const inMemory = keysInMemory();
  const keys: RequestKeys = {
    claim: (key, id) => {
      asked.push('claim');
      return inMemory.claim(key, id);
    },
    owner: (key) => {
      asked.push('owner');
      return inMemory.owner(key);
    },
  };
  const { post } = newWorld({ keys });
  await post({ key: 'a' });
  await post({ key: 'b', options: { boards: soldOut } });
  assert.equal(asked, ['claim', 'owner']);
});

test('two at the same instant are one reservation', async () => {
  const { post, appended } = newWorld();
  const [one, other] = await Promise.all([post({ key: 'a' }), post({ key: 'a' })]);
  assert.is(one.json().id, other.json().id);
  assert.is(new Set(appended.map(requestIdOf)).size, 1);
});

test('confirm, extend and cancel repeat the same request', async () => {
  const id = reservationIds.mint(3, alice);
  for (const verb of ['confirm', 'extend', 'cancel']) {
    const { post, appended } = newWorld();
    const url = `/v1/reservations/${id}/${verb}`;
    await post({ url, key: 'a', payload: {} });
    const again = await post({ url, key: 'a', payload: {} });
    assert.is(again.headers['idempotent-replayed'], 'true');
    assert.is(new Set(appended.map(requestIdOf)).size, 1, verb);
  }
});

test('a show is opened once: the key is the administrators’, and the show keeps its partition', async () => {
  const opening = { name: 'Opening night', pools: [{ id: 'standing', name: 'Standing', capacity: 5 }] };
  const outcomes: CommandOptions['outcomes'] = {
    wait: (id) => waitFor({ type: 'show', show: { ...show, showId: parseShowId(id) ?? show.showId } }),
  };
  const partitions = [5, 9];
  const { post, appended } = newWorld({ outcomes, choosePartition: async () => partitions.shift() ?? 0 });
  const sent = { url: '/v1/shows', key: 'a', payload: opening, headers: asAdmin };
  const [first, second] = [await post(sent), await post(sent)];
  assert.equal([first.statusCode, second.statusCode], [201, 201]);
  assert.is(second.headers.location, first.headers.location);
  assert.is(new Set(appended.map(requestIdOf)).size, 1);
  const other = await post({ ...sent, payload: { ...opening, partition: 5 } });
  assert.is(other.json().code, 'idempotency-key-reused');
});
