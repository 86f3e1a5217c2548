import type { CommandOptions } from '../../src/command/options.ts';
import { parseReservationId, type ReservationId } from '../../src/domain/ids.ts';
import type { NewerReason, RejectionReason } from '../../src/domain/reasons.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { AppendVerdict, OutcomeWait } from '../../src/log/contract.ts';
import {
  alice,
  asAlice,
  board,
  idle,
  never,
  nowMs,
  reservationIds,
  reservationOf,
  serverOf,
  showId,
  standing,
  untouched,
  waitFor,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('command: request reservation');

const body = { showId, lines: [{ poolId: 'standing', quantity: 3 }], reference: 'order-17' };

interface Posted {
  readonly options?: Partial<CommandOptions>;
  readonly payload?: object;
  readonly prefer?: string;
}

const post = async ({ options = {}, payload = body, prefer }: Posted = {}) => {
  const app = serverOf({ command: options });
  const headers = { ...asAlice, ...(prefer !== undefined && { prefer }) };
  const response = await app.inject({ method: 'POST', url: '/v1/reservations', headers, payload });
  await app.close();
  return response;
};

const own = (id: string): ReservationId => {
  const parsed = parseReservationId(id);
  if (!parsed || !reservationIds.isOwn(parsed, alice)) throw new Error(`not alice's: ${id}`);
  return parsed;
};

/** Outcomes in which every reservation has the fields of `more`. */
const decided = (more: Partial<Reservation>): CommandOptions['outcomes'] => ({
  wait: (id) => waitFor({ type: 'reservation', reservation: reservationOf(own(id), more) }),
});

const verdictIs = (verdict: AppendVerdict): CommandOptions['appender'] => ({ append: async () => verdict });

test('202: the reservation as it is pending, where to find it, and when to look', async () => {
  const options = { backlogs: { of: () => ({ ...idle, waitSeconds: 3.2 }) } };
  const { statusCode, headers, json } = await post({ options });
  const { id, ...rest } = json();
  assert.is(statusCode, 202);
  own(id);
  assert.is(headers.location, `/v1/reservations/${id}`);
  assert.is(headers['retry-after'], '4');
  assert.is(headers['preference-applied'], undefined);
  assert.equal(rest, { status: 'pending', ...body, requestedAt: '2026-01-31T20:00:00.000Z' });
});

test('what is appended is what was asked, to the show’s partition, under an id of its customer', async () => {
  const appended: (readonly [number, RequestEvent])[] = [];
  const append = async (partition: number, event: RequestEvent): Promise<AppendVerdict> => {
    appended.push([partition, event]);
    return { type: 'appended', streamId: newStreamId(nowMs, 0) };
  };
  const lines = [
    { poolId: 'standing', quantity: 1 },
    { poolId: 'standing', quantity: 2 },
  ];
  const { json } = await post({ options: { appender: { append } }, payload: { ...body, lines } });
  const { id, lines: summed } = json();
  assert.equal(appended, [
    [
      3,
      {
        type: 'ReservationRequested',
        reservationId: id,
        showId,
        customerId: alice,
        lines,
        reference: 'order-17',
      },
    ],
  ]);
  assert.equal(summed, [{ poolId: 'standing', quantity: 3 }]);
});

test('Prefer: wait and confirmed: 201 with the reservation', async () => {
  const { statusCode, headers, json } = await post({ options: { outcomes: decided({}) }, prefer: 'wait=60' });
  assert.is(statusCode, 201);
  assert.is(headers.location, `/v1/reservations/${json().id}`);
  assert.is(headers['preference-applied'], 'wait=30');
  assert.is(headers.etag, `"confirmed.${nowMs + 12}"`);
  assert.equal([json().status, json().decidedAt], ['confirmed', '2026-01-31T20:00:00.012Z']);
  assert.not('customerId' in json());
});

test('Prefer: wait and held: 201 with the end of the hold', async () => {
  const outcomes = decided({ status: 'held', expiresAtMs: nowMs + 60_000 });
  const { statusCode, json } = await post({ options: { outcomes }, prefer: 'wait=5' });
  assert.equal([statusCode, json().status, json().expiresAt], [201, 'held', '2026-01-31T20:01:00.000Z']);
});

const rejections: readonly (readonly [RejectionReason, number])[] = [
  ['sold-out', 409],
  ['customer-limit', 409],
  ['hold-limit', 409],
  ['sale-not-open', 409],
  ['sale-closed', 409],
  ['not-found', 404],
  ['unknown-pool', 422],
  ['over-request-limit', 422],
];

for (const [reason, status] of rejections) {
  test(`Prefer: wait and rejected as ${reason}: ${status} that names the reservation`, async () => {
    const outcomes = decided({ status: 'rejected', reason, poolId: standing });
    const { statusCode, headers, json } = await post({ options: { outcomes }, prefer: 'wait=5' });
    assert.equal([statusCode, json().code, json().poolId], [status, reason, 'standing']);
    own(json().instance.replace('/v1/reservations/', ''));
    assert.is(headers['preference-applied'], 'wait=5');
  });
}

const newNewerReason = (text: string): NewerReason => text as NewerReason;

test('Prefer: wait and rejected for a reason of a newer build: 202, and GET tells it as it stands', async () => {
  const outcomes = decided({ status: 'rejected', reason: newNewerReason('not-this-weekend') });
  const { statusCode, headers, json } = await post({ options: { outcomes }, prefer: 'wait=5' });
  assert.equal([statusCode, json().status], [202, 'pending']);
  assert.is(headers.location, `/v1/reservations/${json().id}`);
});

test('the wait begins before the append', async () => {
  const order: string[] = [];
  const wait = (): OutcomeWait => {
    order.push('wait');
    return waitFor(undefined);
  };
  const append = async (): Promise<AppendVerdict> => {
    order.push('append');
    return { type: 'appended', streamId: newStreamId(nowMs, 0) };
  };
  await post({ options: { outcomes: { wait }, appender: { append } }, prefer: 'wait=1' });
  assert.equal(order, ['wait', 'append']);
});

test('Prefer: wait that runs out is 202; wait=0 and a malformed one do not wait at all', async () => {
  const late = await post({ prefer: 'wait=1' });
  assert.equal([late.statusCode, late.headers['preference-applied']], [202, 'wait=1']);
  const wait = untouched;
  const zero = await post({ options: { outcomes: { wait } }, prefer: 'wait=0' });
  assert.equal([zero.statusCode, zero.headers['preference-applied']], [202, 'wait=0']);
  const malformed = await post({ options: { outcomes: { wait } }, prefer: 'wait=soon' });
  assert.equal([malformed.statusCode, malformed.headers['preference-applied']], [202, undefined]);
});

test('a parked request is pending, not decided', async () => {
  const { statusCode, json } = await post({
    options: { outcomes: decided({ status: 'pending' }) },
    prefer: 'wait=5',
  });
  assert.equal([statusCode, json().status], [202, 'pending']);
});

test('a door refusal has no instance, appends nothing and is counted', async () => {
  const counted: string[] = [];
  const options: Partial<CommandOptions> = {
    boards: { view: async () => board({}, [{ id: standing, mayReturn: true }]) },
    appender: { append: untouched },
    onRefused: (code) => void counted.push(code),
  };
  const { statusCode, json } = await post({ options, prefer: 'wait=5' });
  assert.equal(
    [statusCode, json().code, json().mayReturn, json().instance],
    [409, 'sold-out', true, undefined],
  );
  assert.equal(counted, ['sold-out']);
});

test('a full queue is 503 overloaded with Retry-After', async () => {
  const options = { backlogs: { of: () => ({ ...idle, waitSeconds: 600 }) } };
  const { statusCode, headers, json } = await post({ options });
  assert.equal([statusCode, json().code, headers['retry-after']], [503, 'overloaded', '30']);
});

test('an append that was refused is 503 overloaded, at once, and ends the wait', async () => {
  let cancelled = false;
  const wait = (): OutcomeWait => ({
    outcome: never,
    cancel: () => {
      cancelled = true;
    },
  });
  const options = { appender: verdictIs({ type: 'refused', why: 'not connected' }), outcomes: { wait } };
  const { statusCode, headers, json } = await post({ options, prefer: 'wait=30' });
  assert.equal([statusCode, json().code, json().instance], [503, 'overloaded', undefined]);
  assert.is(headers['retry-after'], '1');
  assert.ok(cancelled);
});

test('an append without an answer is 503 outcome-unknown that names the reservation and says what to do', async () => {
  const { statusCode, headers, json } = await post({
    options: { appender: verdictIs({ type: 'unknown', why: 'no reply' }) },
  });
  assert.equal([statusCode, json().code], [503, 'outcome-unknown']);
  own(json().instance.replace('/v1/reservations/', ''));
  assert.ok(Number(headers['retry-after']) >= 1);
  assert.match(json().detail, /GET \/v1\/reservations\//);
});

test('an append without an answer is known after all when its decision is heard', async () => {
  const appender = verdictIs({ type: 'unknown', why: 'no reply' });
  const { statusCode } = await post({ options: { appender, outcomes: decided({}) }, prefer: 'wait=5' });
  assert.is(statusCode, 201);
});
