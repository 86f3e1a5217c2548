import { requestOf } from '../log/requests.ts';
import { assert, suite } from '../support/suite.ts';
import { type Look, notFounds, wentBack } from './looks.ts';

const test = suite('what clients see');

const { reservationId: id } = requestOf(0, 1);

const look = (state: Look['state'], beganMs: number, endedMs = beganMs): Look => ({
  id,
  state,
  beganMs,
  endedMs,
});

test('a 404 after a 202 is a broken promise, unless a disaster took the request', () => {
  const looks = [look('queued', 1), look('unknown', 2)];
  assert.is(notFounds(looks, new Set()).length, 1);
  assert.equal(notFounds(looks, new Set([id])), []);
  assert.equal(notFounds([look('queued', 1), look('held', 2)], new Set()), []);
});

test('a state goes back only when it was read after a later one had been seen', () => {
  assert.is(wentBack([look('confirmed', 1, 2), look('held', 3)]).length, 1);
  assert.is(wentBack([look('held', 1, 2), look('queued', 3)]).length, 1);
  assert.equal(wentBack([look('confirmed', 1, 4), look('held', 3)]), [], 'both were on their way');
  assert.equal(wentBack([look('confirmed', 1), look('held', 0, 3)]), [], 'pushed, and late');
  assert.is(wentBack([look('confirmed', 0, 1), look('held', 3)]).length, 1, 'read after a push');
  assert.equal(wentBack([look('queued', 1), look('held', 2), look('cancelled', 3), look('expired', 4)]), []);
});
