import type { FastifyInstance } from 'fastify';
import { assert, suite } from '../support/suite.ts';
import { oddHeads, rawHead } from './heads.ts';
import { readAnswers, type WholeAnswer } from './read-answers.ts';
import { smallServer } from './small-server.ts';
import { openWire } from './wire.ts';

const test = suite('http: heads that are not what they seem');
const app = smallServer();
test.after(async () => {
  await app.close();
});

const answersTo = async (to: FastifyInstance, bytes: string): Promise<readonly WholeAnswer[]> => {
  // Closes a connection that does not close by itself. If a request was swallowed, this answer is missing.
  const last = rawHead('GET /last HTTP/1.1', 'Host: x', 'Connection: close');
  const { heard, closes } = await openWire(to, Buffer.from(bytes + last, 'latin1'));
  assert.ok(await closes(), 'the connection is still open');
  return readAnswers(heard());
};

for (const [what, bytes, answer] of oddHeads) {
  test(`${what}: ${answer}`, async () => {
    const [first, ...more] = await answersTo(app, bytes);
    assert.equal(first?.problem?.code ?? first?.status, answer, first?.text);
    if (first?.problem) assert.is(first.headers['cache-control'], 'no-store');
    // Either it is the last answer of its connection, or the next request is answered as well.
    const isLast = first?.headers['connection'] === 'close';
    assert.equal(
      more.map(({ problem }) => problem?.code),
      isLast ? [] : ['not-found'],
    );
  });
}

test('all headers count, however many there are', async () => {
  const many = Array.from({ length: 3_000 }, () => 'a:b');
  const [answer] = await answersTo(
    app,
    rawHead('GET /mine HTTP/1.1', 'Host: x', ...many, 'X-Customer-Id: bob'),
  );
  assert.match(answer?.text ?? '', /"customerId":"bob"/);
});

test('CONNECT says which methods there are, and gives the connection back', async () => {
  const [answer] = await answersTo(app, rawHead('CONNECT x:1 HTTP/1.1', 'Host: x'));
  assert.equal([answer?.status, answer?.headers['allow']], [405, 'GET, HEAD, POST, PATCH']);
});
