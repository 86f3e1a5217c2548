import { newUuidText, parseCustomerId, parseShowId, type ReservationId } from '../../src/domain/ids.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import type { QueryOptions } from '../../src/query/options.ts';
import { newCursor } from '../../src/query/page.ts';
import type { ReservationQuery } from '../../src/store/contract.ts';
import {
  alice,
  asAdmin,
  asAlice,
  asService,
  emptyReader,
  nowMs,
  reservationIds,
  reservationOf,
  serverOf,
  show,
  showId,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('query: lists');

const ask = async (
  reader: Partial<QueryOptions['reader']>,
  url: string,
  headers: Record<string, string> = asAlice,
) => {
  const app = serverOf({ query: { reader: { ...emptyReader, ...reader } } });
  const response = await app.inject({ url, headers });
  await app.close();
  return response;
};

const pageOf = (reservations: readonly Reservation[], next?: ReservationId) => ({
  rows: reservations.map((value) => ({ id: value.id, value })),
  ...(next && { next }),
});

const three = Array.from({ length: 3 }, () => reservationOf(reservationIds.mint(3, alice)));

test('one’s own reservations: the filters asked for, 20 a page', async () => {
  const asked: ReservationQuery[] = [];
  const reservations = async (query: ReservationQuery) => {
    asked.push(query);
    return pageOf(three);
  };
  const { statusCode, json, headers } = await ask({ reservations }, '/v1/reservations');
  assert.equal([statusCode, json().data.length, json().nextCursor], [200, 3, null]);
  assert.is(headers['cache-control'], 'private, no-cache');
  await ask({ reservations }, `/v1/reservations?showId=${showId}&status=rejected&reference=5&limit=100`);
  assert.equal(asked, [
    { customerId: alice, limit: 20 },
    { customerId: alice, limit: 100, showId, status: 'rejected', reference: '5' },
  ]);
});

const empty = serverOf({ query: { reader: emptyReader } });
test.after(() => empty.close());

const parametersOf = async (path: string, query: string): Promise<readonly unknown[] | number> => {
  const { statusCode, json } = await empty.inject({ url: `${path}?${query}`, headers: asAlice });
  if (statusCode !== 400) return statusCode;
  assert.is(json().code, 'invalid-request');
  return [...new Set((json().errors ?? []).map(({ pointer }: { pointer: string }) => pointer))];
};

test('a number in a query is digits alone: nothing is guessed', async () => {
  const spellings = [
    ...['true', 'false', 'null', 'NaN', 'Infinity', '0x5', '0b1', '0o7', '1e1', '1E1', '1_0', '5n'],
    ...[
      '',
      '%20',
      '%205',
      '5%20',
      '+5',
      '5+',
      '%2B5',
      '%095',
      '5%0A',
      '05',
      '005',
      '5.0',
      '5.',
      '.5',
      '5,0',
      '-0',
    ],
    ...['%D9%A5', '%EF%BC%95', '5%00', '%225%22', '[5]', '{}', 'five', '1;2', `1${'0'.repeat(400)}`],
  ];
  for (const path of ['/v1/shows', '/v1/reservations']) {
    for (const spelling of spellings)
      assert.equal(await parametersOf(path, `limit=${spelling}`), ['?limit'], `${path} ${spelling}`);
    for (const beyond of ['0', '-1', '101', '999999999999999'])
      assert.equal(await parametersOf(path, `limit=${beyond}`), ['?limit'], `${path} ${beyond}`);
    for (const good of ['1', '100', '%31', '1%30'])
      assert.is(await parametersOf(path, `limit=${good}`), 200, good);
  }
});

test('a parameter twice, empty, in another case or unknown is refused by its name', async () => {
  const cursor = newCursor(three[0]?.id ?? showId);
  const good = { limit: '5', cursor, showId, status: 'held', reference: 'x' };
  for (const path of ['/v1/shows', '/v1/reservations'])
    for (const [name, value] of Object.entries(good)) {
      if (path === '/v1/shows' && name !== 'limit' && name !== 'cursor') continue;
      const twice = await parametersOf(path, `${name}=${value}&${name}=${value}`);
      assert.equal(twice, [`?${name}`], `${name} twice`);
      assert.equal(await parametersOf(path, `${name}=${value}&${name}=`), [`?${name}`], `${name} twice`);
      if (name !== 'reference') assert.equal(await parametersOf(path, name), [`?${name}`], `${name} empty`);
      const upper = name.toUpperCase();
      assert.equal(await parametersOf(path, `${upper}=${value}`), [`?${upper}`], upper);
      assert.equal(await parametersOf(path, `${name}[]=${value}`), [`?${name}[]`], `a list of ${name}`);
    }
  for (const word of ['Held', 'HELD', 'held,confirmed', 'held%20', 'true', '0'])
    assert.equal(await parametersOf('/v1/reservations', `status=${word}`), ['?status'], word);
  assert.equal(await parametersOf('/v1/reservations', `reference=${'x'.repeat(129)}`), ['?reference']);
  assert.equal(await parametersOf('/v1/reservations', 'x=1&__proto__=2'), ['?x', '?__proto__']);
});

test('an encoding in a query that means nothing is refused like one in a path', async () => {
  for (const query of ['reference=%ff', 'reference=%', 'reference=%zz', '%=1', 'limit=5&x=%e0%a0'])
    assert.equal(await parametersOf('/v1/reservations', query), [], query);
  assert.is(await parametersOf('/v1/reservations', 'reference=100%25+%C3%A9'), 200);
});

test('a cursor goes on after the last one of its page', async () => {
  const afters: (string | undefined)[] = [];
  const reservations = async ({ after, limit }: ReservationQuery) => {
    afters.push(after);
    const begin = after === undefined ? 0 : three.findIndex(({ id }) => id === after) + 1;
    const page = three.slice(begin, begin + limit);
    return pageOf(page, begin + limit < three.length ? page.at(-1)?.id : undefined);
  };
  const first = await ask({ reservations }, '/v1/reservations?limit=2');
  assert.is(first.json().data.length, 2);
  const second = await ask({ reservations }, `/v1/reservations?limit=2&cursor=${first.json().nextCursor}`);
  assert.equal([second.json().data.length, second.json().nextCursor], [1, null]);
  assert.equal(afters, [undefined, three[1]?.id]);
});

test('a page that found nothing goes on where it stopped looking', async () => {
  const [first] = three;
  const { json } = await ask(
    { reservations: async () => pageOf([], first?.id) },
    '/v1/reservations?reference=5',
  );
  assert.equal(json(), { data: [], nextCursor: first && newCursor(first.id) });
});

test('what makes no sense in the query is 400 and says where', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['limit=0', '?limit'],
    ['limit=101', '?limit'],
    ['limit=x', '?limit'],
    ['limit=1&limit=2', '?limit'],
    ['status=waitlisted', '?status'],
    ['showId=x', '?showId'],
    ['cursor=x', '?cursor'],
    ['cursor=AAAAAAAAAAAAAAAAAAAAAA', '?cursor'],
    ['state=confirmed', '?state'],
  ];
  for (const [query, pointer] of cases) {
    const { statusCode, json } = await ask({}, `/v1/reservations?${query}`);
    assert.equal(
      [statusCode, json().code, json().errors?.[0]?.pointer],
      [400, 'invalid-request', pointer],
      query,
    );
  }
});

test('another customer’s cursor is no cursor', async () => {
  const bob = parseCustomerId('bob');
  assert.ok(bob);
  const cursorOf = newCursor(reservationIds.mint(3, bob));
  assert.is((await ask({}, `/v1/reservations?cursor=${cursorOf}`)).statusCode, 400);
});

test('everybody’s of a show: administrators, and services that name no customer; they are told whose', async () => {
  const asked: ReservationQuery[] = [];
  const reservations = async (query: ReservationQuery) => {
    asked.push(query);
    return pageOf(three, three[1]?.id);
  };
  const url = `/v1/reservations?showId=${showId}&status=held&limit=2`;
  for (const headers of [asAdmin, asService, { ...asAdmin, ...asAlice }]) {
    const { statusCode, json } = await ask({ reservations }, url, headers);
    assert.equal([statusCode, json().data[0].customerId], [200, 'alice']);
    const next = await ask({ reservations }, `${url}&cursor=${json().nextCursor}`, headers);
    assert.is(next.statusCode, 200);
  }
  assert.ok(asked.every((query) => !('customerId' in query) && query.showId === showId));
});

test('a service that names a customer lists theirs, and is not told whose', async () => {
  const asked: ReservationQuery[] = [];
  const reservations = async (query: ReservationQuery) => {
    asked.push(query);
    return pageOf(three, three[1]?.id);
  };
  const headers = { ...asService, ...asAlice };
  const { json } = await ask({ reservations }, `/v1/reservations?showId=${showId}`, headers);
  assert.not('customerId' in json().data[0]);
  assert.equal(asked, [{ customerId: alice, showId, limit: 20 }]);
});

test('who sees everybody’s has to say of which show', async () => {
  for (const headers of [asAdmin, asService]) {
    const { statusCode, json } = await ask({}, '/v1/reservations', headers);
    assert.equal([statusCode, json().errors?.[0]?.pointer], [400, '?showId']);
  }
});

test('each status there is can be asked for', async () => {
  for (const status of ['pending', 'held', 'confirmed', 'rejected', 'cancelled', 'expired'])
    assert.is((await ask({}, `/v1/reservations?status=${status}`)).statusCode, 200, status);
});

test('shows are public, with their own cursor, and may be cached for a second', async () => {
  const second = parseShowId(newUuidText({ timeMs: nowMs, partition: 1, tail: '0'.repeat(16) }));
  assert.ok(second);
  const all = [show, { ...show, showId: second }];
  const shows: QueryOptions['reader']['shows'] = async ({ after, limit }) => {
    const begin = after === undefined ? 0 : all.findIndex((one) => one.showId === after) + 1;
    return all.slice(begin, begin + limit).map((value) => ({ id: value.showId, value }));
  };
  const first = await ask({ shows }, '/v1/shows?limit=1');
  assert.equal([first.json().data[0].id, first.headers['cache-control']], [showId, 'max-age=1']);
  const next = await ask({ shows }, `/v1/shows?limit=1&cursor=${first.json().nextCursor}`);
  assert.equal([next.json().data[0].id, next.json().nextCursor], [second, null]);
  assert.is((await ask({ shows }, '/v1/shows?cursor=AAAAAAAAAAAAAAAAAAAAAA')).statusCode, 400);
});
