import { type AnswerTo, type Client, newClient } from '../../src/client/client.ts';
import { assert, suite } from '../support/suite.ts';
import {
  brokenEvents,
  drop,
  events,
  json,
  problem,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.ts';

const test = suite('client: watching and lists', { timeoutMs: 10_000 });

let service: ScriptedServer;
let client: Client;

test.before(async () => {
  service = await startScriptedServer();
  client = newClient({
    baseUrl: service.url,
    headers: () => ({ authorization: 'Bearer it-is-me' }),
    retrying: { firstPauseMs: 2, pauseMsMax: 5 },
  });
});

test.after(() => service.close());

const retry = 'retry: 5\n\n';
const told = (status: string): string => `id: ${status}.1\ndata: {"id":"r","status":"${status}"}\n\n`;

const statusesOf = async (answers: AsyncIterable<AnswerTo<'watch'>>): Promise<readonly string[]> => {
  const statuses: string[] = [];
  for await (const answer of answers) statuses.push(answer.ok ? answer.data.status : answer.problem.code);
  return statuses;
};

const lastIds = (): readonly unknown[] => service.seen.map(({ headers }) => headers['last-event-id']);

test('it tells each state and ends with the final one', async () => {
  service.replies(events(retry, told('pending'), ': heartbeat\n\n', told('held'), told('confirmed')));
  assert.equal(await statusesOf(client.watch('r')), ['pending', 'held', 'confirmed']);
  assert.is(service.seen.length, 1);
  assert.is(service.seen[0]?.headers.authorization, 'Bearer it-is-me');
});

test('a stream that breaks is taken up behind the last event that was seen', async () => {
  const [first, cut] = [
    brokenEvents(retry, told('pending')),
    brokenEvents(retry, told('held'), 'data: {"id"'),
  ];
  service.replies(first, drop, cut, events(retry, told('expired')));
  assert.equal(await statusesOf(client.watch('r')), ['pending', 'held', 'expired']);
  assert.equal(lastIds(), [undefined, 'pending.1', 'pending.1', 'held.1']);
});

test('an event is read however it is cut into pieces, and whatever its text holds', async () => {
  const text = `${retry}id: 1\r\ndata: {"id":"r","status":"held","reference":"a\u2028서울\u0085b"}\r\n\r\n${told('confirmed')}`;
  service.replies((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
    response.end();
  });
  const references: unknown[] = [];
  for await (const answer of client.watch('r')) references.push(answer.ok && answer.data.reference);
  assert.equal(references, ['a\u2028서울\u0085b', undefined]);
});

test('an event without an end is given up, not kept', async () => {
  let opened = 0;
  service.replies((response) => {
    opened += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (opened > 1) response.end(told('confirmed'));
    else response.write(`${retry}data: ${'x'.repeat(1_100_000)}`);
  });
  assert.equal(await statusesOf(client.watch('r')), ['confirmed']);
});

test('a stream that ends with its token is taken up with a fresh one, behind the last event that was seen', async () => {
  let asked = 0;
  const fresh = newClient({
    baseUrl: service.url,
    headers: async () => {
      asked += 1;
      return { authorization: `Bearer token-${asked}` };
    },
  });
  service.replies(events(retry, told('held')), events(retry), events(retry, told('confirmed')));
  assert.equal(await statusesOf(fresh.watch('r')), ['held', 'confirmed']);
  assert.equal(
    service.seen.map(({ headers }) => headers.authorization),
    ['Bearer token-1', 'Bearer token-2', 'Bearer token-3'],
  );
  assert.equal(lastIds(), [undefined, 'held.1', 'held.1']);
});

test('204 says that there is nothing more to come', async () => {
  service.replies(events(retry, told('held')), (response) => response.writeHead(204).end());
  assert.equal(await statusesOf(client.watch('r')), ['held']);
});

test('a problem is the last that is told', async () => {
  service.replies(problem(404, 'not-found'));
  assert.equal(await statusesOf(client.watch('r')), ['not-found']);
});

test('leaving the loop closes the connection', async () => {
  let closed: Promise<void> | undefined;
  service.replies((response) => {
    closed = new Promise((resolve) => response.once('close', resolve));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(told('held'));
  });
  for await (const answer of client.watch('r')) if (answer.ok) break;
  await closed;
});

test('an aborted signal ends a watch that hears nothing', async () => {
  const ending = new AbortController();
  service.replies((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(retry, () => setTimeout(() => ending.abort(new Error('enough')), 10));
  });
  const watched = statusesOf(client.watch('r', { signal: ending.signal }));
  await watched.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'enough'),
  );
});

test('characters that arrive in pieces are put together', async () => {
  const bytes = Buffer.from('id: 1\ndata: {"id":"서울","status":"confirmed"}\n\n');
  service.replies((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(bytes.subarray(0, 21), () => setImmediate(() => response.end(bytes.subarray(21))));
  });
  for await (const answer of client.watch('r')) assert.is(answer.ok && answer.data.id, '서울');
});

test('untilDecided asks until it is decided', async () => {
  const pending = json(200, { id: 'r', status: 'pending' }, { 'retry-after': '1' });
  service.replies(pending, json(200, { id: 'r', status: 'rejected' }));
  const answer = await client.untilDecided('r');
  assert.is(answer.ok && answer.data.status, 'rejected');
  assert.is(service.seen[0]?.headers['prefer'], 'wait=30');
  assert.ok(
    (service.seen[1]?.atMs ?? 0) - (service.seen[0]?.atMs ?? 0) >= 990,
    'answered at once: Retry-After',
  );
});

test('a list is read page by page to its end', async () => {
  const page = (id: string, nextCursor: string | null) =>
    json(200, { data: [{ id, status: 'held' }], nextCursor });
  service.replies(page('a', 'next'), page('b', null));
  const ids: string[] = [];
  for await (const answer of client.reservations({ status: 'held' }))
    if (answer.ok) ids.push(...answer.data.map(({ id }) => id));
  assert.equal(ids, ['a', 'b']);
  assert.equal(
    service.seen.map(({ url }) => url),
    ['/v1/reservations?status=held', '/v1/reservations?status=held&cursor=next'],
  );
});
