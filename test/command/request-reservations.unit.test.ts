import type { CommandOptions } from '../../src/command/options.ts';
import type { AppendVerdict } from '../../src/log/contract.ts';
import { asAdmin, asService, board, idle, reservationIds, showId, standing, waitFor } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import {
  appended,
  codesOf,
  confirmed,
  hundred,
  lines,
  newStream,
  postMany,
  requestOf,
  statusesOf,
} from './many-world.ts';

const test = suite('command: request reservations');

test('a hundred requests are a hundred entries in their order, each answered in its place', async () => {
  const { events, append } = newStream();
  const { status, headers, results } = await postMany(
    hundred((n) => ({ reference: `order-${n}` })),
    { options: { appender: { append } } },
  );
  assert.is(status, 200);
  assert.is(headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(statusesOf(results), Array(100).fill(202));
  const ids = events.map((event) => event.type === 'ReservationRequested' && event.reservationId);
  assert.equal(
    results.map(({ reservation }) => reservation?.id),
    ids,
  );
  assert.is(new Set(ids).size, 100);
  for (const [n, event] of events.entries()) {
    if (event.type !== 'ReservationRequested') throw new Error(event.type);
    assert.equal([event.customerId, event.reference], [`customer-${n}`, `order-${n}`]);
    assert.ok(reservationIds.isOwn(event.reservationId, event.customerId), 'the id is of its customer');
  }
  assert.equal(results[7], {
    status: 202,
    reservation: {
      id: ids[7],
      showId,
      status: 'pending',
      lines,
      reference: 'order-7',
      requestedAt: '2026-01-31T20:00:00.000Z',
    },
    retryAfterSeconds: 1,
  });
});

test('no append waits for another: all are made before the first is answered', async () => {
  const answers: (() => void)[] = [];
  const append = (): Promise<AppendVerdict> =>
    new Promise((resolve) => {
      const n = answers.push(() => resolve(appended(n)));
      if (n === 100) for (const answer of answers) answer();
    });
  const { results } = await postMany(hundred(), { options: { appender: { append } } });
  assert.equal(statusesOf(results), Array(100).fill(202));
});

test('Prefer: wait waits for all, clamped, and each has its decision', async () => {
  const { status, headers, results } = await postMany([requestOf('alice'), requestOf('bob')], {
    options: { outcomes: confirmed },
    headers: { ...asAdmin, prefer: 'wait=60' },
  });
  assert.equal([status, headers['preference-applied']], [200, 'wait=30']);
  assert.equal(
    results.map(({ status, reservation }) => [status, reservation?.status]),
    [
      [201, 'confirmed'],
      [201, 'confirmed'],
    ],
  );
});

test('what cannot be appended, and what is not known, concerns its request alone', async () => {
  const { append } = newStream((n) =>
    n === 1
      ? { type: 'refused', why: 'not connected' }
      : n === 2
        ? { type: 'unknown', why: 'no reply' }
        : appended(n),
  );
  const { results } = await postMany([requestOf('a'), requestOf('b'), requestOf('c'), requestOf('d')], {
    options: { appender: { append } },
  });
  assert.equal(statusesOf(results), [202, 503, 503, 202]);
  assert.equal(codesOf(results), [undefined, 'overloaded', 'outcome-unknown', undefined]);
  assert.match(results[2]?.problem?.instance ?? '', /^\/v1\/reservations\/[0-9a-f-]{36}$/);
  assert.equal(
    results.map(({ retryAfterSeconds }) => retryAfterSeconds),
    [1, 1, 2, 1],
  );
});

test('the door answers each request, and counts each', async () => {
  const counted: string[] = [];
  const view = async () => board({ maxPerRequest: 5 }, [{ id: standing, mayReturn: true }]);
  const { results } = await postMany(
    [
      requestOf('a'),
      requestOf('b', { lines: [{ poolId: 'balcony', quantity: 6 }] }),
      requestOf('c', { lines: [{ poolId: 'balcony', quantity: 1 }] }),
      requestOf('d', { lines: [{ poolId: 'pit', quantity: 1 }] }),
    ],
    { options: { boards: { view }, onRefused: (code) => void counted.push(code) } },
  );
  assert.equal(codesOf(results), ['sold-out', 'over-request-limit', undefined, 'unknown-pool']);
  assert.equal(counted, ['sold-out', 'over-request-limit', 'unknown-pool']);
});

test('a full queue is overloaded for each request, with its Retry-After', async () => {
  const backlogs = { of: () => ({ ...idle, waitSeconds: 600 }) };
  const { status, results } = await postMany([requestOf('a'), requestOf('b')], { options: { backlogs } });
  assert.equal(
    [status, statusesOf(results), codesOf(results)],
    [200, [503, 503], ['overloaded', 'overloaded']],
  );
  assert.is(results[0]?.retryAfterSeconds, 30);
});

test('a server that cannot be asked for a key is 503 for the requests that have one', async () => {
  const view = async () => board({}, [{ id: standing, mayReturn: true }]);
  const owner = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  const { results } = await postMany([requestOf('a', { key: 'k' }), requestOf('b')], {
    options: { boards: { view }, keys: { owner } },
  });
  assert.equal(codesOf(results), ['overloaded', 'sold-out']);
});

test('beyond the bound of waiters a request is 202, as alone, and the others wait', async () => {
  let places = 1;
  const wait: CommandOptions['outcomes']['wait'] = (id, given) =>
    places-- > 0 ? confirmed.wait(id, given) : waitFor(undefined);
  const { results } = await postMany([requestOf('a'), requestOf('b')], {
    options: { outcomes: { wait } },
    headers: { ...asService, prefer: 'wait=5' },
  });
  assert.equal(statusesOf(results), [201, 202]);
});
