import type { Answer } from './client.ts';
import { assert } from './suite.ts';

/** Asserts that the answer is this problem, in the form of RFC 9457 and of our own list of codes. */
export const isProblem = (answer: Answer, status: number, code: string): void => {
  const { headers, body } = answer;
  assert.is(answer.status, status, JSON.stringify(body));
  assert.match(headers.get('content-type') ?? '', 'application/problem+json');
  assert.is(body['type'], `/problems/${code}`);
  assert.is(body['code'], code);
  assert.is(body['status'], status);
  for (const member of ['title', 'detail'])
    assert.ok(typeof body[member] === 'string' && body[member] !== '', `${code} has no ${member}`);
};
