import { waitUntil } from '../../infra/local/wait-until.ts';
import { audit } from '../support/audit.ts';
import {
  type Answer,
  call,
  getPool,
  getReservation,
  itemsIn,
  openShow,
  reserve,
  reserved,
  tell,
  type Wish,
} from '../support/client.ts';
import { keysLike, openRedis, type RedisClient, removeKeys } from '../support/open-redis.ts';
import { isProblem } from '../support/problem.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('Idempotency-Key', { timeoutMs: 60_000 });

let running: RunningSystem;
let api: string;
let redis: RedisClient;
let showId: string;

test.before(async () => {
  running = await startRunning();
  api = running.api;
  redis = await openRedis(running.backends.redis.url);
  showId = await openShow(api, { stalls: 10_000 });
});

test.after(async () => {
  redis.disconnect();
  await running.stop();
});

/** Removes the keys, as in a Redis that went back or was emptied. */
const forgetKeys = async (): Promise<void> => {
  const keys = await keysLike(redis, 'onsale:key:*');
  assert.ok(keys.length > 0, 'there is nothing to forget');
  await removeKeys(redis, keys);
};

const isReplay = ({ headers }: Answer): boolean => headers.get('idempotent-replayed') === 'true';

const wish = (more: Partial<Wish> = {}): Wish => ({
  customer: 'ann',
  showId,
  quantity: 2,
  wait: 30,
  ...more,
});

test('the same key and body is the same reservation, whether quoted or bare', async () => {
  const first = await reserve(api, wish({ key: '"order-1"' }));
  assert.equal([first.status, isReplay(first)], [201, false]);
  const again = await reserve(api, wish({ key: 'order-1' }));
  assert.equal([again.status, isReplay(again)], [201, true]);
  assert.equal(again.body, first.body);
  assert.is(again.headers.get('location'), first.headers.get('location'));
});

test('another body under the same key is 422, and nothing is done', async () => {
  await reserve(api, wish({ key: 'order-2' }));
  const before = await getPool(api, showId);
  isProblem(await reserve(api, wish({ key: 'order-2', quantity: 3 })), 422, 'idempotency-key-reused');
  assert.equal(await getPool(api, showId), before);
});

test('keys of two customers never meet', async () => {
  const ann = await reserve(api, wish({ key: 'order-3' }));
  const bob = await reserve(api, wish({ key: 'order-3', customer: 'bob' }));
  assert.equal([bob.status, isReplay(bob)], [201, false]);
  assert.is.not(bob.body['id'], ann.body['id']);
});

test('a malformed key is 400', async () => {
  for (const key of ['two words', '"half', 'x'.repeat(256)])
    isProblem(await reserve(api, wish({ key })), 400, 'invalid-request');
});

test('whoever holds the last places is never told "sold out" on a retry', async () => {
  const last = wish({ showId: await openShow(api, { stalls: 2 }), key: 'last-ones' });
  const first = await reserve(api, last);
  assert.is(first.status, 201);
  const isShut = async (): Promise<boolean> => {
    const { body } = await reserve(api, { customer: 'bob', showId: last.showId, quantity: 1, wait: 30 });
    return body['code'] === 'sold-out' && body['instance'] === undefined;
  };
  assert.ok(await waitUntil(isShut, { limitMs: 10_000 }), 'the door stays open');
  const again = await reserve(api, last);
  assert.equal([again.status, again.body['id'], isReplay(again)], [201, first.body['id'], true]);
});

test('a rejection is remembered by its key as well', async () => {
  const tooMany = wish({ showId: await openShow(api, { stalls: 1 }), key: 'too-many' });
  const first = await reserve(api, tooMany);
  isProblem(first, 409, 'sold-out');
  const again = await reserve(api, tooMany);
  isProblem(again, 409, 'sold-out');
  assert.equal([again.body['instance'], isReplay(again)], [first.body['instance'], true]);
});

test('when Redis forgets the key there is still one decision, and the client is told of it', async () => {
  const small = await openShow(api, { stalls: 4 });
  const first = await reserve(api, wish({ showId: small, key: 'forgotten' }));
  await forgetKeys();
  const again = await reserve(api, wish({ showId: small, key: 'forgotten' }));
  assert.equal([again.status, again.body['id']], [201, first.body['id']]);
  await forgetKeys();
  const other = await reserve(api, wish({ showId: small, key: 'forgotten', quantity: 1 }));
  isProblem(other, 422, 'idempotency-key-reused');
  assert.is((await getPool(api, small)).confirmed, 2);
  const list = await call(`${api}/v1/reservations?showId=${small}&status=confirmed`, { customer: 'ann' });
  assert.equal(
    itemsIn(list).map(({ id }) => id),
    [first.body['id']],
  );
});

test('a retry that does not wait is led to the reservation that counts, even when Redis forgot the key', async () => {
  const keyed = { customer: 'ann', showId, quantity: 1, key: 'impatient' };
  const first = await reserve(api, keyed);
  assert.is((await reserve(api, keyed)).body['id'], first.body['id']);
  await forgetKeys();
  const again = await reserve(api, keyed);
  assert.is(again.status, 202);
  const { body } = await getReservation(api, String(again.body['id']), 'ann', 20);
  assert.equal(
    [body['status'], body['reason'], body['firstId']],
    ['rejected', 'duplicate-request', first.body['id']],
  );
});

for (const forgets of [false, true]) {
  const when = forgets ? 'although Redis forgot its key' : 'while Redis knows its key';
  const retry = async (act: () => Promise<Answer>): Promise<readonly [Answer, Answer]> => {
    const first = await act();
    if (forgets) await forgetKeys();
    return [first, await act()];
  };
  const keyed = (key: string, body?: unknown) => ({
    customer: 'ann',
    headers: { 'idempotency-key': `${key}-${forgets}` },
    ...(body !== undefined && { body }),
  });

  test(`a cancel by lines that is sent twice gives back once, ${when}`, async () => {
    const id = await reserved(api, wish({ quantity: 5 }));
    const lines = [{ poolId: 'stalls', quantity: 2 }];
    const [first, again] = await retry(() => tell(api, 'cancel', id, keyed('give-back', { lines })));
    for (const answer of [first, again]) {
      assert.is(answer.status, 200, JSON.stringify(answer.body));
      assert.equal(answer.body['lines'], [{ poolId: 'stalls', quantity: 3 }]);
    }
    assert.ok(isReplay(again));
    const other = keyed('give-back', { lines: [{ poolId: 'stalls', quantity: 1 }] });
    isProblem(await tell(api, 'cancel', id, other), 422, 'idempotency-key-reused');
  });

  test(`an extension that is sent twice is granted, not used up, ${when}`, async () => {
    const holding = await openShow(api, { stalls: 5 }, { holdSeconds: 600 });
    const id = await reserved(api, wish({ showId: holding }));
    const [first, again] = await retry(() => tell(api, 'extend', id, keyed('extend')));
    assert.equal([first.status, again.status], [200, 200], JSON.stringify(again.body));
    assert.is(again.body['expiresAt'], first.body['expiresAt']);
    isProblem(await tell(api, 'extend', id, { customer: 'ann' }), 409, 'extension-used');
  });

  test(`a confirm that is sent twice is answered twice, ${when}`, async () => {
    const holding = await openShow(api, { stalls: 5 }, { holdSeconds: 600 });
    const id = await reserved(api, wish({ showId: holding }));
    const [first, again] = await retry(() =>
      tell(api, 'confirm', id, keyed('confirm', { reference: 'paid' })),
    );
    assert.equal([first.body['status'], again.status], ['confirmed', 200]);
    assert.equal(again.body, first.body);
  });

  test(`a show is opened once, ${when}`, async () => {
    const pools = [{ id: 'stalls', name: 'Stalls', capacity: 1 }];
    const headers = { 'idempotency-key': `show-${forgets}` };
    const body = { name: 'Once', pools, partition: 9 };
    const [first, again] = await retry(() => call(`${api}/v1/shows`, { admin: true, headers, body }));
    assert.is(first.status, 201);
    const instance = again.status === 201 ? `/v1/shows/${again.body['id']}` : again.body['instance'];
    assert.is(instance, `/v1/shows/${first.body['id']}`, JSON.stringify(again.body));
  });
}

test('each key has one decision that counts, and tables and journal agree', async () => {
  keptPromises(await audit(running.backends.urls));
});
