import { claimFirst } from '../../src/log/append/claim-first.ts';
import { keysInMemory, showId } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { newWorld } from './keyed-world.ts';
import { codesOf, lines, newStream, postMany, requestOf, statusesOf } from './many-world.ts';

const test = suite('command: keys of a call of many');

test('the key is that of the header: either way of sending finds the request of the other', async () => {
  const keys = keysInMemory();
  const single = await newWorld({ keys }).post({ key: '"order-17"', payload: { showId, lines } });
  const { events, append } = newStream();
  const requests = [
    requestOf('alice', { key: 'order-17' }),
    requestOf('bob', { key: 'order-17' }),
    requestOf('alice', { key: '"order-17"', reference: 'x' }),
  ];
  const options = { appender: claimFirst({ append }, keys), keys };
  const [alices, bobs, other] = (await postMany(requests, { options })).results;
  assert.equal([alices?.reservation?.id, alices?.replayed], [single.json().id, true]);
  assert.equal([bobs?.status, bobs?.replayed], [202, undefined], 'of another customer it is another key');
  assert.not.equal(bobs?.reservation?.id, alices?.reservation?.id);
  assert.equal([other?.status, other?.problem?.code], [422, 'idempotency-key-reused']);
  assert.is(events.length, 2);
});

test('one key twice in a call is one reservation, answered twice', async () => {
  const keys = keysInMemory();
  const { append } = newStream();
  const request = requestOf('alice', { key: 'order-17' });
  const { results } = await postMany([request, request, requestOf('alice')], {
    options: { appender: claimFirst({ append }, keys), keys, random: Math.random },
  });
  const [first, second, third] = results;
  assert.equal([first?.replayed, second?.replayed, third?.replayed], [undefined, true, undefined]);
  assert.is(first?.reservation?.id, second?.reservation?.id);
  assert.not.equal(first?.reservation?.id, third?.reservation?.id, 'without a key it is another request');
});

test('where keys are required each request needs one, and the call none', async () => {
  const keys = keysInMemory();
  const { append } = newStream();
  const { status, results } = await postMany([requestOf('alice'), requestOf('alice', { key: 'a' })], {
    options: { requireKeys: true, appender: claimFirst({ append }, keys), keys },
  });
  assert.equal([status, statusesOf(results)], [200, [400, 202]]);
  assert.equal(codesOf(results), ['key-required', undefined]);
});
