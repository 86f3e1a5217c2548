import {
  alice,
  asAdmin,
  asAlice,
  documentation,
  reservationIds,
  serverOf,
  showId,
  untouched,
} from '../http/fakes.ts';
import { operationsOf, parseOpenApi } from '../http/parse-openapi.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('command: a key is required');

const id = reservationIds.mint(3, alice);
const pools = [{ id: 'standing', name: 'Standing', capacity: 1 }];

const posts = [
  { path: '/v1/shows', headers: asAdmin, payload: { name: 'A show', pools } },
  {
    path: '/v1/reservations',
    headers: asAlice,
    payload: { showId, lines: [{ poolId: 'standing', quantity: 1 }] },
  },
  { path: `/v1/reservations/${id}/confirm`, headers: asAlice, payload: {} },
  { path: `/v1/reservations/${id}/extend`, headers: asAlice, payload: {} },
  { path: `/v1/reservations/${id}/cancel`, headers: asAlice, payload: {} },
];

const send = async (
  { path, headers, payload }: (typeof posts)[number],
  { key, ...command }: { readonly key?: string; readonly requireKeys: boolean; readonly appender?: Appender },
) => {
  const app = serverOf({ command });
  const all = { ...headers, ...(key !== undefined && { 'idempotency-key': key }) };
  const response = await app.inject({ method: 'POST', url: path, headers: all, payload });
  await app.close();
  return response;
};

type Appender = { readonly append: typeof untouched };

for (const post of posts) {
  const name = post.path.replace(id, '{id}');
  test(`POST ${name} is refused without a key where keys are required, and nothing is appended`, async () => {
    const appender = { append: untouched };
    const { statusCode, headers, json } = await send(post, { requireKeys: true, appender });
    assert.equal([statusCode, json().code], [400, 'key-required']);
    assert.match(String(headers['content-type']), /problem\+json/);
    assert.match(json().detail, /Idempotency-Key/);
    assert.ok((await send(post, { requireKeys: true, key: 'order-1' })).statusCode < 300);
    assert.ok((await send(post, { requireKeys: false })).statusCode < 300);
  });
}

test('those are all the POSTs there are but the call of many, and each says that it may ask for one', async () => {
  const app = serverOf({ documentation });
  const operations = operationsOf(parseOpenApi((await app.inject('/openapi.json')).body));
  await app.close();
  // Each of its requests needs a key: keys-of-many.unit.test.ts.
  const all = operations.filter(({ name }) => name.startsWith('post ') && !name.endsWith('/batch'));
  assert.equal(
    all.map(({ name }) => name.slice('post '.length)).sort(),
    posts.map(({ path }) => path.replace(id, '{id}')).sort(),
  );
  for (const { name, operation } of all) {
    const refusals = operation.responses['400']?.content?.['application/problem+json']?.examples ?? {};
    assert.ok('key-required' in refusals, name);
  }
});

test('a change of a show takes no key, and is not asked for one', async () => {
  const app = serverOf({ command: { requireKeys: true } });
  const { json } = await app.inject({
    method: 'PATCH',
    url: `/v1/shows/${showId}`,
    headers: asAdmin,
    payload: { closed: true },
  });
  await app.close();
  assert.is(json().code, 'revision-required');
});
