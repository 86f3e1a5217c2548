import type { RequestKey } from '../../src/domain/requests.ts';
import { requestOf, reservationIdOf } from '../log/requests.ts';
import { assert } from '../support/suite.ts';
import { type LogTest, type LogWorld, partition } from './log-world.ts';

const keyOf = (n: number, asked = 'a'): RequestKey => ({
  hash: n.toString(16).padStart(32, '0'),
  fingerprint: asked.repeat(32),
});
const [first, second] = [reservationIdOf(partition, 1), reservationIdOf(partition, 2)];

export const keysContract = (test: LogTest): void => {
  test('a key belongs to the request that claimed it first, whatever it asked', async ({ requestKeys }) => {
    const owner = { requestId: first, fingerprint: keyOf(1).fingerprint };
    assert.is(await requestKeys.owner(keyOf(1)), undefined);
    assert.equal(await requestKeys.claim(keyOf(1), first), owner);
    assert.equal(await requestKeys.claim(keyOf(1), second), owner);
    assert.equal(await requestKeys.claim(keyOf(1, 'b'), second), owner);
    assert.equal(await requestKeys.claim(keyOf(1), first), owner, 'its own, again');
    assert.equal(await requestKeys.owner(keyOf(1, 'b')), owner);
  });

  test('keys do not know of one another', async ({ requestKeys }) => {
    await requestKeys.claim(keyOf(1), first);
    assert.is(await requestKeys.owner(keyOf(2)), undefined);
    assert.is((await requestKeys.claim(keyOf(2), second)).requestId, second);
  });

  test('of all that claim a key at the same instant exactly one has it', async ({ requestKeys }) => {
    const ids = Array.from({ length: 50 }, (_, n) => reservationIdOf(partition, n));
    const owners = await Promise.all(ids.map((id) => requestKeys.claim(keyOf(1), id)));
    const [owner] = owners;
    assert.ok(owner && owners.every(({ requestId }) => requestId === owner.requestId));
  });

  test('a request that claims a key is appended when it is the first, and has the key', async (world) => {
    const { requestKeys, idsOf } = world;
    const key = keyOf(1);
    assert.is((await claiming(world, 1, key)).type, 'appended');
    assert.equal(await requestKeys.owner(key), { requestId: first, fingerprint: key.fingerprint });
    assert.is((await idsOf(partition)).length, 1);
  });

  test('whoever comes second is told who has the key, whatever it asked, and is not appended', async (world) => {
    const { requestKeys, idsOf } = world;
    const owner = { requestId: first, fingerprint: keyOf(1).fingerprint };
    await requestKeys.claim(keyOf(1), first);
    assert.equal(await claiming(world, 2, keyOf(1)), { type: 'taken', owner });
    assert.equal(await claiming(world, 2, keyOf(1, 'b')), { type: 'taken', owner });
    assert.equal(await idsOf(partition), []);
    assert.is((await claiming(world, 1, keyOf(1))).type, 'appended', 'its own, again');
  });

  test('one that claims nothing is appended whoever has its key', async ({
    appender,
    requestKeys,
    idsOf,
  }) => {
    await requestKeys.claim(keyOf(1), first);
    const request = { ...requestOf(partition, 2), key: keyOf(1) };
    assert.is((await appender.append(partition, request)).type, 'appended');
    assert.is((await idsOf(partition)).length, 1);
    assert.is((await requestKeys.owner(keyOf(1)))?.requestId, first);
  });

  test('of many at the same instant, with keys and without, each key is appended once', async (world) => {
    const numbers = Array.from({ length: 90 }, (_, n) => n);
    const verdicts = await Promise.all(
      numbers.map((n) => (n % 3 === 0 ? claiming(world, n, keyOf(n % 2)) : appendPlain(world, n))),
    );
    assert.is(verdicts.filter(({ type }) => type === 'appended').length, 60 + 2);
    assert.is(verdicts.filter(({ type }) => type === 'taken').length, 28);
    assert.is((await world.idsOf(partition)).length, 62);
  });
};

const appendPlain = ({ appender }: LogWorld, n: number) =>
  appender.append(partition, requestOf(partition, n));

const claiming = ({ appender }: LogWorld, n: number, key: RequestKey) =>
  appender.append(partition, requestOf(partition, n), key);
