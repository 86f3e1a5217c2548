import { type Client, newClient } from '../../src/client/client.ts';
import { retryAfterMs } from '../../src/client/retrying.ts';
import { readCustomerIdHeader } from '../../src/http/identity/customer-id-header.ts';
import { assert, suite } from '../support/suite.ts';
import {
  drop,
  half,
  json,
  never,
  problem,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.ts';

const test = suite('client: asking again', { timeoutMs: 15_000 });

const reservation = { id: 'r', status: 'confirmed' };
const wish = { showId: 's', lines: [{ poolId: 'stalls', quantity: 1 }] };
const quick = { firstPauseMs: 2, pauseMsMax: 5 };

let service: ScriptedServer;
let client: Client;

test.before(async () => {
  service = await startScriptedServer();
  client = newClient({ baseUrl: service.url, retrying: quick });
});

test.after(() => service.close());

const keys = (): readonly unknown[] => service.seen.map(({ headers }) => headers['idempotency-key']);

const failing = { 'no answer': drop, 'half an answer': half, 429: problem(429, 'too-many-requests') };
const more = { 503: problem(503, 'outcome-unknown'), 'a gateway’s 502': json(502, 'Bad Gateway') };

for (const [what, reply] of Object.entries({ ...failing, ...more })) {
  test(`after ${what}, the command is sent again with the same body and the same key`, async () => {
    service.replies(reply, reply, json(201, reservation));
    const answer = await client.reserve(wish);
    assert.equal(answer.ok && answer.data, reservation);
    assert.is(service.seen.length, 3);
    assert.is(new Set(keys()).size, 1);
    assert.match(String(keys()[0]), /^"[0-9a-f-]{36}"$/);
    assert.equal(
      service.seen.map(({ body }) => JSON.parse(body)),
      [wish, wish, wish],
    );
  });
}

test('two commands have two keys', async () => {
  service.replies(json(201, reservation));
  await client.reserve(wish);
  await client.cancel('r');
  await client.openShow({ name: 'A show', pools: [] });
  assert.is(new Set(keys()).size, 3);
});

const everyCommand = {
  reserve: (key?: string) => client.reserve(wish, key === undefined ? {} : { key }),
  confirm: (key?: string) => client.confirm('r', key === undefined ? {} : { key }),
  extend: (key?: string) => client.extend('r', key === undefined ? {} : { key }),
  cancel: (key?: string) => client.cancel('r', { lines: wish.lines, ...(key !== undefined && { key }) }),
  openShow: (key?: string) =>
    client.openShow({ name: 'A show', pools: [] }, key === undefined ? {} : { key }),
};

for (const [name, send] of Object.entries(everyCommand)) {
  test(`${name}: every POST has a key, and every answer names it, so that it can be asked for again`, async () => {
    for (const reply of [json(201, reservation), problem(409, 'sold-out'), drop, json(200, '<p>')]) {
      service.replies(reply);
      const answer = await send();
      assert.ok(service.seen.every(({ method }) => method === 'POST'));
      assert.equal(new Set(keys()), new Set([`"${answer.key}"`]));
      service.replies(json(200, reservation));
      assert.is((await send(answer.key)).key, answer.key);
      assert.equal(keys(), [`"${answer.key}"`]);
    }
  });
}

test('no answer names the key in what it says, and says nothing of keys where there was none', async () => {
  service.replies(drop);
  const limited = newClient({ baseUrl: service.url, retrying: { ...quick, triesMax: 1 } });
  const command = await limited.reserve(wish);
  assert.ok(!command.ok && command.problem.detail.includes(`the same key, "${command.key}"`));
  const read = await limited.reservation('r');
  assert.ok(!read.ok && !read.problem.detail.includes('key'));
});

test('a key of the caller’s own is sent as it is', async () => {
  service.replies(json(201, reservation));
  await client.reserve(wish, { key: 'order "17"' });
  assert.equal(keys(), ['"order \\"17\\""']);
});

test('a customer may be called anything: what fetch cannot send is sent in ASCII, and understood', async () => {
  for (const name of ['alice', 'a, b', "O'Brien (x)", 'Zoë', '서울', ' a ', '🎟', "서UTF-8''", '\u0001']) {
    const named = newClient({ baseUrl: service.url, headers: () => ({ 'X-Customer-Id': name }) });
    service.replies(json(200, reservation));
    await named.reservation('r');
    const seen = readCustomerIdHeader(service.seen[0]?.headers ?? {});
    assert.is(seen.type === 'named' && seen.customerId, name);
  }
});

for (const status of [400, 401, 403, 404, 409, 412, 422]) {
  test(`${status} is an answer: it is told as a value and not asked again`, async () => {
    service.replies(problem(status, 'sold-out'), json(201, reservation));
    const answer = await client.reserve(wish);
    assert.is(!answer.ok && answer.problem.status, status);
    assert.is(service.seen.length, 1);
  });
}

test('a change of a show, which has no key, is sent again after 429 and not after silence', async () => {
  const show = { id: 's', revision: 3, asOf: '2026-01-01T00:00:00.000Z' };
  service.replies(problem(429, 'too-many-requests'), drop, json(200, { id: 's' }));
  const answer = await client.changeShow(show, { closed: true });
  assert.is(!answer.ok && answer.problem.code, 'unreachable');
  assert.is(service.seen.length, 2);
  assert.is(service.seen[0]?.headers['if-match'], `"3.${Date.UTC(2026, 0, 1)}"`);
});

test('a change of a show whatever it has become', async () => {
  service.replies(json(200, { id: 's' }));
  assert.ok((await client.changeShow({ id: 's', revision: 'any' }, { closed: true })).ok);
  assert.is(service.seen[0]?.headers['if-match'], '*');
});

test('Retry-After is waited for', async () => {
  service.replies(problem(503, 'overloaded', { 'retry-after': '1' }), json(200, reservation));
  assert.ok((await client.reservation('r')).ok);
  const [first, second] = service.seen;
  assert.ok((second?.atMs ?? 0) - (first?.atMs ?? 0) >= 990);
});

test('a Retry-After that is too long is not waited for: the problem is told', async () => {
  service.replies(problem(429, 'too-many-requests', { 'retry-after': '3600' }));
  const answer = await client.reserve(wish);
  assert.is(!answer.ok && answer.problem.code, 'too-many-requests');
  assert.is(service.seen.length, 1);
});

test('a Retry-After that is a date is one by the clock of whoever answers, not by ours', () => {
  const after = (date: string | undefined, retryAfter: string): number =>
    retryAfterMs({ headers: new Headers({ ...(date && { date }), 'retry-after': retryAfter }) });
  assert.is(after('Mon, 01 Jan 2040 00:00:00 GMT', 'Mon, 01 Jan 2040 00:00:03 GMT'), 3_000);
  assert.is(after('Wed, 01 Jan 2020 00:00:00 GMT', 'Wed, 01 Jan 2020 01:00:00 GMT'), 3_600_000);
  assert.is(after('Wed, 01 Jan 2020 00:00:00 GMT', 'Tue, 31 Dec 2019 00:00:00 GMT'), 0);
  assert.ok(after(undefined, new Date(Date.now() + 60_000).toUTCString()) > 58_000);
});

test('the tries are limited; then silence is a problem too', async () => {
  service.replies(drop);
  const limited = newClient({ baseUrl: service.url, retrying: { ...quick, triesMax: 3 } });
  const answer = await limited.reserve(wish);
  assert.is(!answer.ok && answer.problem.code, 'unreachable');
  assert.is(service.seen.length, 3);
});

test('an answer that does not come in time is asked for again', async () => {
  service.replies(never, json(201, reservation));
  const impatient = newClient({ baseUrl: service.url, retrying: { ...quick, answerMsMax: 100 } });
  assert.ok((await impatient.reserve(wish)).ok);
  assert.is(new Set(keys()).size, 1);
});

test('an aborted signal ends a request, and a pause before the next one', async () => {
  for (const reply of [never, problem(503, 'overloaded', { 'retry-after': '30' })]) {
    const ending = new AbortController();
    service.replies((response, seen) => {
      reply(response, seen);
      setTimeout(() => ending.abort(new Error('enough')), 20);
    });
    const asked = client.reserve(wish, { signal: ending.signal });
    await asked.then(
      () => assert.unreachable(),
      (error: Error) => assert.is(error.message, 'enough'),
    );
    assert.is(service.seen.length, 1);
  }
});

test('who is asking is told anew with each try', async () => {
  let n = 0;
  const headers = async () => ({ authorization: `Bearer ${++n}` });
  service.replies(drop, json(200, reservation));
  await newClient({ baseUrl: service.url, headers, retrying: quick }).reservation('r');
  assert.equal(
    service.seen.map((seen) => seen.headers.authorization),
    ['Bearer 1', 'Bearer 2'],
  );
});

test('what is not ours is a problem, not an exception: a page of HTML, with 200 or with 404', async () => {
  for (const status of [200, 404]) {
    service.replies((response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<p>'));
    const answer = await client.reservation('r');
    assert.is(!answer.ok && answer.problem.code, 'unexpected-answer');
  }
});
