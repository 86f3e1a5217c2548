import type { RequestKey } from '../../src/domain/requests.ts';
import { reservationIdOf } from '../log/requests.ts';
import { assert } from '../support/suite.ts';
import { type LogTest, partition } from './log-world.ts';

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
};
