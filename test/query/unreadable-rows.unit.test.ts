import { beforeAll } from '../../src/domain/stream-id.ts';
import type { QueryOptions } from '../../src/query/options.ts';
import {
  alice,
  asAlice,
  emptyReader,
  nowMs,
  reservationIds,
  reservationOf,
  serverOf,
  showId,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('query: rows that cannot be read');

const ask = async (reader: Partial<QueryOptions['reader']>, url: string) => {
  const app = serverOf({ query: { reader: { ...emptyReader, ...reader } } });
  const response = await app.inject({ url, headers: asAlice });
  await app.close();
  return response;
};

const unreadable = 'column status holds xyz, which this version cannot read';
const [id, other] = [reservationIds.mint(3, alice), reservationIds.mint(3, alice)];

test('a GET of one is 500: no server is away, and what the row holds is not told', async () => {
  const reservation = await ask(
    { reservation: async () => ({ unreadable, watermark: beforeAll }) },
    `/v1/reservations/${id}`,
  );
  const show = await ask({ show: async () => ({ unreadable }) }, `/v1/shows/${showId}`);
  for (const { statusCode, json, body } of [reservation, show]) {
    assert.equal([statusCode, json().code], [500, 'internal-error']);
    assert.not.match(body, /xyz/);
  }
});

test('a list leaves it out, and its cursor moves on behind it', async () => {
  const value = reservationOf(other);
  const reservations = async () => ({
    rows: [
      { id: other, value },
      { id, unreadable },
    ],
    next: id,
  });
  const { statusCode, json } = await ask({ reservations }, '/v1/reservations?limit=2');
  assert.equal([statusCode, json().data.length], [200, 1]);
  const next = await ask(
    { reservations: async ({ after }) => (after === id ? { rows: [] } : reservations()) },
    `/v1/reservations?limit=2&cursor=${json().nextCursor}`,
  );
  assert.equal(next.json(), { data: [], nextCursor: null });
});

test('a decision that cannot be read has its place in the history', async () => {
  const { statusCode, json } = await ask(
    {
      reservation: async () => ({ reservation: reservationOf(id), watermark: beforeAll }),
      history: async () => [
        { type: 'unreadable', decision: 'HoldMoved', position: 9, decidedAtMs: nowMs, why: unreadable },
      ],
    },
    `/v1/reservations/${id}/history`,
  );
  assert.is(statusCode, 200);
  assert.equal(json().data, [
    { kind: 'decision', event: 'HoldMoved', at: '2026-01-31T20:00:00.000Z', position: 9 },
  ]);
});

test('what only code throws is a bug and not a server that is away', async () => {
  const thrown = async (error: Error) =>
    (await ask({ show: () => Promise.reject(error) }, `/v1/shows/${showId}`)).statusCode;
  assert.equal(await Promise.all([new TypeError('x'), new Error('ECONNREFUSED')].map(thrown)), [500, 503]);
});
