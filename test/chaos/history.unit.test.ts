import { assert, suite } from '../support/suite.ts';
import { newHistory, type SentRequest } from './history.ts';

const test = suite('what clients of the fault drill remember');

const asked = (verb: SentRequest['verb'], key?: string): SentRequest => ({
  verb,
  customer: 'ann',
  showId: 's',
  path: '/',
  ...(key !== undefined && { key }),
});

test('what was unknown and is answered when asked again is certain, and stays so', () => {
  const history = newHistory();
  history.record(asked('reserve', 'k'), { end: 'unknown', result: '503 outcome-unknown', id: 'a' }, 10);
  assert.is(history.reservations.get('a')?.end, 'unknown');
  assert.is(history.accepted(), 0);
  history.record(asked('reserve', 'k'), { end: 'ok', result: '201 held', id: 'a', told: 'held' }, 10);
  history.record(asked('reserve', 'k'), { end: 'unknown', result: '503 outcome-unknown', id: 'a' }, 10);
  const known = history.reservations.get('a');
  assert.equal([known?.end, known?.askedAtMs, known?.acceptedAtMs !== undefined], ['ok', 10, true]);
  assert.is(history.acknowledged.size, 1);
});

test('what was told holds until something is asked whose outcome is not known', () => {
  const history = newHistory();
  const told = (): string | undefined => history.reservations.get('a')?.told;
  history.record(asked('reserve'), { end: 'ok', result: '201 held', id: 'a', told: 'held' }, 0);
  history.record(asked('extend', 'e'), { end: 'failed', result: '503 overloaded' }, 0);
  assert.is(told(), 'held');
  history.record(asked('confirm', 'c'), { end: 'ok', result: '202', id: 'a' }, 0);
  assert.is(told(), undefined);
  history.record(
    asked('confirm', 'c'),
    { end: 'ok', result: '200 confirmed', id: 'a', told: 'confirmed' },
    0,
  );
  assert.is(told(), 'confirmed');
  history.record(asked('cancel', 'x'), { end: 'unknown', result: '503 outcome-unknown', id: 'a' }, 0);
  assert.is(told(), undefined);
});

test('what was refused before it reached the stream is counted, and nobody is owed a decision for it', () => {
  const history = newHistory();
  history.record(asked('reserve', 'k'), { end: 'failed', result: '409 sold-out at the door' }, 0);
  history.record(asked('reserve'), { end: 'failed', result: '503 overloaded' }, 0);
  assert.equal([history.reservations.size, history.acknowledged.size, history.accepted()], [0, 0, 0]);
  assert.equal(Object.fromEntries(history.counts), {
    'reserve: 409 sold-out at the door': 1,
    'reserve: 503 overloaded': 1,
  });
});
