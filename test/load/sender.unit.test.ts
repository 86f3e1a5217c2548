import { assert, suite } from '../support/suite.ts';
import type { SendPlan } from './sender/plan.ts';
import { readAnswers } from './sender/read-answers.ts';
import { requestTexts } from './sender/request-texts.ts';
import { evenSchedule } from './sender/schedule.ts';

const test = suite('the sender');

test('an open loop is on schedule whatever is unanswered', () => {
  const { total, dueUntil, dueMs } = evenSchedule(200, 2);
  assert.is(total, 400);
  assert.equal([-1, 0, 4.9, 5, 1_000].map(dueUntil), [0, 1, 1, 2, 201]);
  assert.is(dueMs(201), 1_005);
});

test('an open loop sends no more than it was asked for, however late it is', () =>
  assert.is(evenSchedule(200, 2).dueUntil(60_000), 400));

test('an open loop sends by the request, not by the millisecond', () => {
  const { dueUntil } = evenSchedule(10_000, 1);
  assert.is(dueUntil(1), 11);
});

const plan: SendPlan = {
  origin: 'http://127.0.0.1:3000',
  method: 'POST',
  path: '/v1/reservations',
  headers: { 'x-customer-id': 'c{n}' },
  body: '{"reference":"{n}"}',
  load: { type: 'at-once', requests: 1 },
};

test('each request has its own marks, and the length of its body is right', () => {
  const { textOf, markOf } = requestTexts({ ...plan, from: 41 });
  assert.is(markOf(1), '00000042');
  const [head = '', body = ''] = textOf(1).split('\r\n\r\n');
  assert.ok(head.includes('x-customer-id: c00000042'), head);
  assert.is(body, '{"reference":"00000042"}');
  assert.ok(head.includes(`content-length: ${body.length}`), head);
});

test('given texts come in turn', () => {
  const { markOf } = requestTexts({ ...plan, texts: ['a', 'b'] });
  assert.equal([0, 1, 2].map(markOf), ['a', 'b', 'a']);
});

const answersIn = (chunks: readonly string[]): readonly (number | string)[] => {
  const seen: (number | string)[] = [];
  const read = readAnswers({
    onAnswer: (status) => seen.push(status),
    onNonsense: () => seen.push('nonsense'),
  });
  for (const chunk of chunks) read(Buffer.from(chunk));
  return seen;
};

const accepted = 'HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nabcde';

test('answers are counted once they are whole, in whatever pieces they come', () => {
  assert.equal(answersIn([...accepted]), [202]);
  assert.equal(answersIn([accepted.slice(0, -1)]), []);
  assert.equal(answersIn([`${accepted}HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\n\r\n`]), [202, 409]);
});

test('an answer that says no length is not guessed at', () =>
  assert.equal(answersIn(['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n']), ['nonsense']));
