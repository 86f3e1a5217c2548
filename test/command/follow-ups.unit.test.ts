import type { CommandOptions } from '../../src/command/options.ts';
import { partitionOf } from '../../src/domain/ids.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { RefusalReason } from '../../src/domain/reasons.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import {
  alice,
  asAdmin,
  asAlice,
  asService,
  idle,
  nowMs,
  reservationIds,
  reservationOf,
  serverOf,
  untouched,
  waitFor,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('command: confirm, extend, cancel');

const id = reservationIds.mint(3, alice);
const path = `/v1/reservations/${id}`;
const verbs = ['confirm', 'extend', 'cancel'] as const;

interface Posted {
  readonly options?: Partial<CommandOptions>;
  readonly verb?: (typeof verbs)[number];
  readonly payload?: object | string;
  readonly headers?: Record<string, string>;
  readonly of?: string;
}

const post = async ({ options = {}, verb = 'cancel', payload, headers = asAlice, of = id }: Posted = {}) => {
  const app = serverOf({ command: options });
  const url = `/v1/reservations/${of}/${verb}`;
  const response = await app.inject({
    method: 'POST',
    url,
    headers,
    ...(payload !== undefined && { payload }),
  });
  await app.close();
  return response;
};

type Answer = Partial<Extract<Outcome, { type: 'answer' }>>;

const answered = (answer: Answer): CommandOptions['outcomes'] => ({
  wait: (requestId) => waitFor({ type: 'answer', requestId, ...answer }),
});

/** The requests that the call appended. */
const appendedBy = async (posted: Posted): Promise<readonly RequestEvent[]> => {
  const appended: RequestEvent[] = [];
  const append = async (partition: number, event: RequestEvent) => {
    assert.is(partition, 3);
    appended.push(event);
    return { type: 'appended', streamId: newStreamId(nowMs, 0) } as const;
  };
  await post({ ...posted, options: { ...posted.options, appender: { append } } });
  return appended;
};

for (const verb of verbs) {
  test(`${verb}: 200 with the reservation as GET shows it, without a body or with an empty one`, async () => {
    const reservation = reservationOf(id, { status: 'confirmed', changedAtMs: nowMs + 40 });
    const json = { ...asAlice, 'content-type': 'application/json' };
    for (const sent of [{}, { payload: '', headers: json }, { payload: '{}', headers: json }]) {
      const response = await post({ verb, options: { outcomes: answered({ reservation }) }, ...sent });
      assert.equal([response.statusCode, response.json().status], [200, 'confirmed']);
      assert.is(response.json().changedAt, '2026-01-31T20:00:00.040Z');
      assert.is(response.headers.etag, `"confirmed.${nowMs + 40}.3"`);
    }
  });
}

const keyed = { ...asAlice, 'idempotency-key': 'order-1' };

test('what is appended: its own id in the reservation’s partition, who asks, and what for', async () => {
  const lines = [{ poolId: 'standing', quantity: 1 }];
  const asked = [
    ...(await appendedBy({ verb: 'confirm', payload: { reference: 'payment-1' } })),
    ...(await appendedBy({ verb: 'extend' })),
    ...(await appendedBy({ verb: 'cancel', payload: { lines }, headers: keyed })),
  ];
  const common = { reservationId: id, customerId: alice, actor: 'customer' };
  const without = asked.map((event) => {
    assert.ok('requestId' in event && event.requestId !== id && partitionOf(event.requestId) === 3);
    const { requestId: _own, key: _key, ...rest } = event;
    return rest;
  });
  assert.equal(without, [
    { type: 'ConfirmationRequested', ...common, reference: 'payment-1' },
    { type: 'ExtensionRequested', ...common },
    { type: 'CancellationRequested', ...common, lines },
  ]);
});

const bob = { 'x-customer-id': 'bob' };

test('another’s reservation is 404 in every call, and nothing is appended', async () => {
  const options = { appender: { append: untouched } };
  for (const verb of verbs)
    for (const headers of [bob, { ...asService, ...bob }]) {
      const { statusCode, json } = await post({ verb, headers, options });
      assert.equal([statusCode, json().code], [404, 'not-found']);
    }
  assert.is((await post({ of: 'x', options })).statusCode, 404);
  assert.is((await post({ of: reservationIds.mint(16, alice), options })).statusCode, 404);
});

test('a service is the customer it names, or nobody’s; an administrator is never taken for the owner', async () => {
  const who = async (headers: Record<string, string>) => {
    const [event] = await appendedBy({ headers });
    assert.ok(event?.type === 'CancellationRequested');
    return [event.actor, event.customerId];
  };
  assert.equal(await who({ ...asService, ...asAlice }), ['service', 'alice']);
  assert.equal(await who(asService), ['service', undefined]);
  assert.equal(await who(asAdmin), ['admin', undefined]);
  assert.equal(await who({ ...asAdmin, ...bob }), ['admin', undefined]);
});

const refusals: readonly (readonly [RefusalReason, number])[] = [
  ['not-held', 409],
  ['hold-expired', 409],
  ['extension-used', 409],
  ['already-cancelled', 409],
  ['confirmed-otherwise', 409],
  ['not-reserved', 409],
  ['forbidden', 403],
  ['not-found', 404],
];

for (const [reason, status] of refusals) {
  test(`decided as ${reason}: ${status} with the reservation in instance`, async () => {
    const { statusCode, json } = await post({ options: { outcomes: answered({ refusal: { reason } }) } });
    assert.equal([statusCode, json().code, json().instance], [status, reason, path]);
  });
}

const newNewerReason = (text: string): RefusalReason => text as RefusalReason;

test('refused for a reason of a newer build: 202, and GET tells the reservation as it stands', async () => {
  const refusal = { reason: newNewerReason('not-this-weekend') };
  const outcomes = answered({ refusal, reservation: reservationOf(id) });
  const { statusCode, headers, json } = await post({ verb: 'confirm', options: { outcomes } });
  assert.equal([statusCode, headers.location, json().id], [202, path, id]);
});

const part = { lines: [{ poolId: 'standing', quantity: 1 }] };

test('giving back a part without a key is refused whoever asks, and nothing is appended', async () => {
  const options = { appender: { append: untouched } };
  for (const headers of [asAlice, asAdmin, asService, { ...asService, ...asAlice }]) {
    const { statusCode, json } = await post({ payload: part, headers, options });
    assert.equal([statusCode, json().code], [400, 'key-required']);
  }
  assert.is((await post({ payload: part, headers: keyed })).statusCode, 202);
  assert.is((await post({ payload: {} })).statusCode, 202, 'all of it');
  assert.is((await post({ payload: part, headers: bob, options })).statusCode, 404, 'not whose it is not');
});

test('it waits 5 seconds unless told otherwise, and not at all with wait=0', async () => {
  const waits: number[] = [];
  const outcomes: CommandOptions['outcomes'] = {
    wait: (_id, { timeoutMs }) => {
      waits.push(timeoutMs);
      return waitFor(undefined);
    },
  };
  const plain = await post({ options: { outcomes } });
  assert.equal([plain.statusCode, plain.headers['preference-applied']], [202, undefined]);
  const told = await post({ options: { outcomes }, headers: { ...asAlice, prefer: 'wait=9' } });
  assert.equal([told.statusCode, told.headers['preference-applied']], [202, 'wait=9']);
  const zero = await post({
    options: { outcomes: { wait: untouched } },
    headers: { ...asAlice, prefer: 'wait=0' },
  });
  assert.equal([zero.statusCode, zero.headers['preference-applied']], [202, 'wait=0']);
  assert.equal(waits, [5_000, 9_000]);
});

test('202: where the reservation is, when to look, and what was asked', async () => {
  const backlogs = { of: () => ({ ...idle, waitSeconds: 3.2 }) };
  const { statusCode, headers, json } = await post({ verb: 'extend', options: { backlogs } });
  assert.equal([statusCode, headers.location, headers['retry-after']], [202, path, '4']);
  assert.equal(json(), { id, requested: 'ExtensionRequested' });
});

test('a full queue, a log that refuses and one that is silent: 503, each its own', async () => {
  const backlogs = { of: () => ({ ...idle, entries: 1_000_000 }) };
  const full = await post({ options: { backlogs, appender: { append: untouched } } });
  assert.equal([full.statusCode, full.json().code], [503, 'overloaded']);
  const refused = await post({
    options: { appender: { append: async () => ({ type: 'refused', why: '' }) } },
  });
  assert.equal([refused.json().code, refused.json().instance], ['overloaded', undefined]);
  const unknown = await post({
    options: { appender: { append: async () => ({ type: 'unknown', why: '' }) } },
  });
  assert.equal([unknown.json().code, unknown.json().instance], ['outcome-unknown', path]);
});

test('what a body may hold is its verb’s own', async () => {
  const cases = [
    ['confirm', { lines: [] }, '#/lines'],
    ['extend', { reference: 'x' }, '#/reference'],
    ['cancel', { lines: [] }, '#/lines'],
    ['cancel', { lines: [{ poolId: 'standing', quantity: 0 }] }, '#/lines/0/quantity'],
    ['cancel', { reference: 'x' }, '#/reference'],
  ] as const;
  for (const [verb, payload, pointer] of cases) {
    const { statusCode, json } = await post({ verb, payload });
    assert.equal([statusCode, json().errors?.[0]?.pointer], [400, pointer], `${verb} ${pointer}`);
  }
});
