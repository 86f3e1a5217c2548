import { type Client, newClient } from '../../src/client/client.ts';
import { assert, suite } from '../support/suite.ts';
import { drop, half, json, problem, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const test = suite('client: many in one call', { timeoutMs: 15_000 });

const wish = { customerId: 'alice', showId: 's', lines: [{ poolId: 'stalls', quantity: 1 }] };
const results = [
  { status: 201, reservation: { id: 'r', status: 'confirmed' } },
  { status: 409, problem: { code: 'sold-out', detail: 'none left', status: 409 } },
];

let service: ScriptedServer;
let client: Client;

test.before(async () => {
  service = await startScriptedServer();
  const retrying = { firstPauseMs: 2, pauseMsMax: 5, triesMax: 3 };
  client = newClient({ baseUrl: service.url, retrying });
});

test.after(() => service.close());

interface Sent {
  readonly requests: readonly { readonly key: string }[];
}

const sent = (): readonly Sent[] => service.seen.map(({ body }) => JSON.parse(body));

test('each request without a key gets one, the call has none, and the answer names all', async () => {
  service.replies(json(200, { results }));
  const answer = await client.reserveMany([wish, { ...wish, key: 'order "17"' }], { waitSeconds: 5 });
  assert.equal(answer.ok && answer.data.results, results);
  const [first, second] = answer.requests;
  assert.match(first?.key ?? '', /^[0-9a-f-]{36}$/);
  assert.is(second?.key, 'order "17"');
  assert.equal(sent(), [
    {
      requests: [
        { ...wish, key: `"${first?.key}"` },
        { ...wish, key: '"order \\"17\\""' },
      ],
    },
  ]);
  const { 'idempotency-key': key, prefer } = service.seen[0]?.headers ?? {};
  assert.equal([key, prefer], [undefined, 'wait=5']);
});

for (const [what, reply] of Object.entries({
  'no answer': drop,
  'half an answer': half,
  503: problem(503, 'stopping'),
}))
  test(`after ${what} the call is sent again, with the same keys`, async () => {
    service.replies(reply, json(200, { results }));
    const answer = await client.reserveMany([wish, wish]);
    assert.ok(answer.ok);
    const [first, again] = sent();
    assert.equal(again, first);
    assert.is(new Set(first?.requests.map(({ key }) => key)).size, 2);
  });

test('a call that is never answered says how to ask again, and what it returns can be sent again', async () => {
  service.replies(drop);
  const answer = await client.reserveMany([wish]);
  assert.ok(!answer.ok && answer.problem.code === 'unreachable');
  assert.ok(!answer.ok && answer.problem.detail.includes('the `requests` of this answer'));
  service.replies(json(200, { results: results.slice(0, 1) }));
  const again = await client.reserveMany(answer.requests);
  assert.equal(again.requests, answer.requests);
});
