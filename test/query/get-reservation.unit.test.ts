import type { Reservation } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { QueryOptions } from '../../src/query/options.ts';
import {
  alice,
  asAlice,
  emptyReader,
  idle,
  never,
  nowMs,
  reservationIds,
  reservationOf,
  serverOf,
  standing,
  untouched,
  waitFor,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { settledWithin } from '../support/within-limit.ts';

const test = suite('query: get reservation');

const id = reservationIds.mint(3, alice);
const confirmed = reservationOf(id);
const at = (seq: number) => newStreamId(nowMs, seq);

interface Asked {
  readonly options?: Partial<QueryOptions>;
  readonly headers?: Record<string, string>;
  readonly path?: string;
}

const ask = async ({ options = {}, headers = {}, path = id }: Asked = {}) => {
  const app = serverOf({ query: options });
  const response = await app.inject({ url: `/v1/reservations/${path}`, headers: { ...asAlice, ...headers } });
  await app.close();
  return response;
};

/** A reader that returns these rows one after another, and then the last one again and again. */
const rows = (watermark: number, ...found: readonly (Reservation | undefined)[]): QueryOptions['reader'] => {
  let asked = -1;
  return {
    ...emptyReader,
    reservation: async () => {
      asked = Math.min(asked + 1, found.length - 1);
      const reservation = found[asked];
      return { watermark: at(watermark), ...(reservation && { reservation }) };
    },
  };
};

const lastIs = (seq: number, mayHoldLate = false): QueryOptions['tail'] => ({
  lastId: async () => at(seq),
  mayHoldLate: async () => mayHoldLate,
});
const refused = async (): Promise<never> => {
  throw new Error('connect ECONNREFUSED');
};
const noRedis: QueryOptions['tail'] = { lastId: refused, mayHoldLate: refused };

test('decided: the reservation as its owner sees it', async () => {
  const reservation = {
    ...confirmed,
    status: 'rejected',
    reason: 'sold-out',
    poolId: standing,
    reference: 'o',
  } as const;
  const { statusCode, headers, json } = await ask({
    options: { reader: rows(1, reservation), tail: noRedis },
  });
  assert.is(statusCode, 200);
  assert.equal(json(), {
    id,
    showId: confirmed.showId,
    status: 'rejected',
    reason: 'sold-out',
    poolId: 'standing',
    lines: [{ poolId: 'standing', quantity: 3 }],
    reference: 'o',
    requestedAt: '2026-01-31T20:00:00.000Z',
    decidedAt: '2026-01-31T20:00:00.012Z',
  });
  assert.equal([headers['retry-after'], headers['cache-control']], [undefined, 'private, no-cache']);
});

test('no row and the watermark behind the stream’s end: pending, with Retry-After', async () => {
  const options = {
    reader: rows(4, undefined),
    tail: lastIs(5),
    backlogs: { of: () => ({ ...idle, waitSeconds: 7.5 }) },
  };
  const { statusCode, headers, json } = await ask({ options });
  assert.equal([statusCode, json()], [200, { id, status: 'pending' }]);
  assert.is(headers['retry-after'], '8');
});

test('no row and everything accepted is decided: 404', async () => {
  const { statusCode, json } = await ask({ options: { reader: rows(5, undefined), tail: lastIs(5) } });
  assert.equal([statusCode, json().code], [404, 'not-found']);
});

test('no row while entries that a watermark has passed may be undecided: pending, not 404', async () => {
  const { statusCode, json } = await ask({ options: { reader: rows(5, undefined), tail: lastIs(5, true) } });
  assert.equal([statusCode, json()], [200, { id, status: 'pending' }]);
});

test('the stream’s end is asked before the row and watermark that are compared with it', async () => {
  // Decided between the first read and the read of the stream's end: with a watermark that was read earlier
  // the answer would be 404.
  const { statusCode, json } = await ask({
    options: { reader: rows(5, undefined, confirmed), tail: lastIs(5) },
  });
  assert.equal([statusCode, json().status], [200, 'confirmed']);
  const order: string[] = [];
  const reader = {
    ...emptyReader,
    reservation: async () => {
      order.push('row');
      return { watermark: at(5) };
    },
  };
  const lastId = async () => {
    order.push('end');
    return at(5);
  };
  await ask({ options: { reader, tail: { lastId, mayHoldLate: async () => false } } });
  assert.equal(order, ['row', 'end', 'row']);
});

test('no row and no Redis: 503, never 404', async () => {
  const { statusCode, headers, json } = await ask({ options: { reader: rows(5, undefined), tail: noRedis } });
  assert.equal([statusCode, json().code, headers['retry-after']], [503, 'overloaded', '1']);
});

test('another’s id, a made-up one and nonsense are 404 without a look-up', async () => {
  const reader = { ...emptyReader, reservation: untouched };
  const forged = id.slice(0, -1) + (id.endsWith('0') ? '1' : '0');
  const elsewhere = reservationIds.mint(16, alice);
  for (const path of [forged, elsewhere, 'nonsense'])
    assert.is((await ask({ options: { reader }, path })).statusCode, 404, path);
  const bob = { 'x-customer-id': 'bob' };
  for (const path of [id, `${id}/history`])
    assert.is((await ask({ options: { reader }, headers: bob, path })).statusCode, 404);
});

test('ETag and If-None-Match: 304 while nothing changed', async () => {
  const options = { reader: rows(5, confirmed) };
  const first = await ask({ options });
  const headers = { 'if-none-match': String(first.headers.etag) };
  const second = await ask({ options, headers });
  assert.equal([second.statusCode, second.body, second.headers.etag], [304, '', first.headers.etag]);
  const queued = await ask({ options: { reader: rows(4, undefined), tail: lastIs(5) }, headers });
  assert.is(queued.statusCode, 200);
});

test('Prefer: wait on what is decided answers at once', async () => {
  const options = { reader: rows(5, confirmed), outcomes: { wait: () => waitFor(never) } };
  const { statusCode, headers } = await ask({ options, headers: { prefer: 'wait=30' } });
  assert.equal([statusCode, headers['preference-applied']], [200, 'wait=30']);
});

test('Prefer: wait while pending answers with the outcome', async () => {
  const wait = () => waitFor({ type: 'reservation', reservation: confirmed } as const);
  const options = { reader: rows(4, undefined), tail: lastIs(5), outcomes: { wait } };
  const { json, headers } = await ask({ options, headers: { prefer: 'wait=30' } });
  assert.equal([json().status, headers['retry-after']], ['confirmed', undefined]);
});

test('Prefer: wait that runs out answers what is so by then', async () => {
  const pending = await ask({
    options: { reader: rows(4, undefined), tail: lastIs(5) },
    headers: { prefer: 'wait=1' },
  });
  assert.equal([pending.statusCode, pending.json().status], [200, 'pending']);
  const reader = rows(4, undefined, undefined, confirmed);
  const { json } = await ask({ options: { reader, tail: lastIs(5) }, headers: { prefer: 'wait=1' } });
  assert.is(json().status, 'confirmed');
});

test('the long poll begins before the look, or an outcome could pass in between', async () => {
  const order: string[] = [];
  const reader = {
    ...emptyReader,
    reservation: async () => {
      order.push('look');
      return { watermark: at(5), reservation: confirmed };
    },
  };
  const wait: QueryOptions['outcomes']['wait'] = () => {
    order.push('wait');
    return waitFor(never);
  };
  await ask({ options: { reader, outcomes: { wait } }, headers: { prefer: 'wait=5' } });
  assert.equal(order, ['wait', 'look']);
});

test('a Redis that never answers is 503 in time, for the reservation and for its history', async () => {
  const silent = () => new Promise<never>(() => undefined);
  const options = { reader: rows(1, undefined), tail: { lastId: silent, mayHoldLate: silent } };
  const answers = [id, `${id}/history`].map(async (path) => {
    const { statusCode, headers } = await ask({ options, path });
    return [statusCode, headers['retry-after']];
  });
  // The promise is two seconds.
  const limit = { limitMs: 4_000 };
  for (const answer of answers) assert.equal(await settledWithin(limit, answer), [503, '1']);
});
