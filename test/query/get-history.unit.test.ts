import type { Decision, JournalEntry } from '../../src/domain/decisions.ts';
import { newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
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
  standing,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('query: get history');

const id = reservationIds.mint(3, alice);
const streamId = newStreamId(nowMs, 7);
const lines = [{ poolId: standing, quantity: 3 }];
const entry: JournalEntry = {
  position: 8,
  requestId: id,
  streamId,
  decidedAtMs: nowMs + 12,
  late: false,
  decision: {
    type: 'ReservationRejected',
    reservationId: id,
    showId,
    customerId: alice,
    lines,
    reason: 'sold-out',
  },
};

const ask = async (query: Partial<QueryOptions>) => {
  const app = serverOf({ query });
  const response = await app.inject({ url: `/v1/reservations/${id}/history`, headers: asAlice });
  await app.close();
  return response;
};

const watermark = newStreamId(nowMs, 6);

test('its request and its decision, with stream id and times', async () => {
  const reader = {
    ...emptyReader,
    reservation: async () => ({ watermark, reservation: reservationOf(id) }),
    history: async () => [{ type: 'decision', entry } as const],
  };
  const { statusCode, json } = await ask({ reader });
  assert.is(statusCode, 200);
  assert.equal(json().data, [
    { kind: 'request', event: 'ReservationRequested', streamId, at: '2026-01-31T20:00:00.000Z' },
    {
      kind: 'decision',
      event: 'ReservationRejected',
      streamId,
      at: '2026-01-31T20:00:00.012Z',
      position: 8,
      late: false,
      reason: 'sold-out',
      lines,
    },
  ]);
  assert.not(JSON.stringify(json()).includes('alice'));
});

const ref = { reservationId: id, showId, customerId: alice };
const told: readonly (readonly [decision: Decision, request: string | undefined, facts: object])[] = [
  [
    { type: 'ReservationHeld', ...ref, lines, expiresAtMs: nowMs + 60_000 },
    'ReservationRequested',
    { lines, expiresAt: '2026-01-31T20:01:00.000Z' },
  ],
  [{ type: 'ReservationConfirmed', ...ref, lines }, 'ReservationRequested', { lines }],
  [{ type: 'ReservationConfirmed', ...ref, lines, from: 'held' }, 'ConfirmationRequested', { lines }],
  [{ type: 'ReservationConfirmed', ...ref, lines, from: 'expired' }, 'ConfirmationRequested', { lines }],
  [
    { type: 'HoldExtended', ...ref, expiresAtMs: nowMs },
    'ExtensionRequested',
    { expiresAt: '2026-01-31T20:00:00.000Z' },
  ],
  [
    { type: 'ReservationReduced', ...ref, from: 'held', released: lines, lines },
    'CancellationRequested',
    { lines, released: lines },
  ],
  [
    { type: 'ReservationCancelled', ...ref, from: 'held', released: lines },
    'CancellationRequested',
    { released: lines },
  ],
  [{ type: 'HoldExpired', ...ref, released: lines }, undefined, { released: lines }],
  [{ type: 'RequestSatisfied', ...ref, asked: 'CancellationRequested' }, 'CancellationRequested', {}],
  [
    { type: 'RequestRefused', asked: 'ExtensionRequested', reservationId: id, reason: 'extension-used' },
    'ExtensionRequested',
    { reason: 'extension-used' },
  ],
];

const named = { reference: 'pay-1' };
const references: readonly (readonly [Decision, asked: string | undefined, decided: string | undefined])[] = [
  [{ type: 'ReservationHeld', ...ref, lines, expiresAtMs: nowMs, ...named }, 'pay-1', 'pay-1'],
  [{ type: 'ReservationRejected', ...ref, lines, reason: 'sold-out', ...named }, 'pay-1', 'pay-1'],
  [{ type: 'ReservationConfirmed', ...ref, lines, from: 'held', ...named }, 'pay-1', 'pay-1'],
  [
    { type: 'ReservationConfirmed', ...ref, lines, from: 'held', ...named, keptReference: true },
    undefined,
    'pay-1',
  ],
  [{ type: 'RequestSatisfied', ...ref, asked: 'ConfirmationRequested', ...named }, 'pay-1', undefined],
  [
    {
      type: 'RequestRefused',
      asked: 'ConfirmationRequested',
      reservationId: id,
      reason: 'confirmed-otherwise',
      ...named,
    },
    'pay-1',
    undefined,
  ],
];

for (const [decision, asked, decided] of references) {
  const kept = 'keptReference' in decision ? ', which kept its reference' : '';
  test(`${decision.type}${kept}: what its request named, and what the reservation has`, async () => {
    const reader = {
      ...emptyReader,
      reservation: async () => ({ watermark, reservation: reservationOf(id) }),
      history: async () => [{ type: 'decision', entry: { ...entry, decision } } as const],
    };
    const [first, second] = (await ask({ reader })).json().data;
    assert.equal([first.kind, first.reference, second.reference], ['request', asked, decided]);
  });
}

for (const [decision, request, facts] of told) {
  test(`${decision.type} is told with ${request ?? 'no request, and so no place in the stream'}`, async () => {
    const asked = request === undefined ? {} : { streamId };
    const item = { position: 9, decidedAtMs: nowMs + 12, late: false, decision, ...asked };
    const reader = {
      ...emptyReader,
      reservation: async () => ({ watermark, reservation: reservationOf(id) }),
      history: async () => [{ type: 'decision', entry: item } as const],
    };
    const at = '2026-01-31T20:00:00.012Z';
    assert.equal((await ask({ reader })).json().data, [
      ...(request === undefined
        ? []
        : [{ kind: 'request', event: request, streamId, at: '2026-01-31T20:00:00.000Z' }]),
      { kind: 'decision', event: decision.type, ...asked, at, position: 9, late: false, ...facts },
    ]);
  });
}

test('what was set aside says so', async () => {
  const reader = {
    ...emptyReader,
    reservation: async () => ({ watermark, reservation: reservationOf(id, { status: 'pending' }) }),
    history: async () => [{ type: 'parked', streamId, why: 'it cannot be read', parkedAtMs: nowMs } as const],
  };
  assert.equal((await ask({ reader })).json().data, [
    { kind: 'parked', streamId, at: '2026-01-31T20:00:00.000Z', why: 'it cannot be read' },
  ]);
});

const tailAt = (end: StreamId): QueryOptions['tail'] => ({
  lastId: async () => end,
  mayHoldLate: async () => false,
});

test('nothing yet while it is in the queue; 404 for what never was', async () => {
  const reader = { ...emptyReader, reservation: async () => ({ watermark }) };
  const queued = await ask({ reader, tail: tailAt(streamId) });
  assert.equal([queued.statusCode, queued.json()], [200, { data: [] }]);
  const never = await ask({ reader, tail: tailAt(watermark) });
  assert.equal([never.statusCode, never.json().code], [404, 'not-found']);
});
