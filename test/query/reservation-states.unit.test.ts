import type { Reservation } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
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
  standing,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('query: a reservation in its states');

const id = reservationIds.mint(3, alice);
const confirmed = reservationOf(id);

/** The answers of GET while the tables hold this reservation. */
const seenIn = async (reservation: Reservation, headers: Record<string, string> = asAlice) => {
  const watermark = newStreamId(nowMs, 1);
  const reader = { ...emptyReader, reservation: async () => ({ watermark, reservation }) };
  const app = serverOf({ query: { reader } });
  const response = await app.inject({ url: `/v1/reservations/${id}`, headers });
  await app.close();
  return response;
};

const lives: readonly (readonly [what: string, more: Partial<Reservation>, shown: object])[] = [
  [
    'held',
    { status: 'held', expiresAtMs: nowMs + 60_000 },
    { status: 'held', expiresAt: '2026-01-31T20:01:00.000Z', extended: false },
  ],
  [
    'extended',
    { status: 'held', expiresAtMs: nowMs + 90_000, extended: true, changedAtMs: nowMs + 30 },
    {
      status: 'held',
      expiresAt: '2026-01-31T20:01:30.000Z',
      extended: true,
      changedAt: '2026-01-31T20:00:00.030Z',
    },
  ],
  [
    'expired',
    { status: 'expired', expiresAtMs: nowMs + 30, changedAtMs: nowMs + 30 },
    {
      status: 'expired',
      expiresAt: '2026-01-31T20:00:00.030Z',
      extended: false,
      changedAt: '2026-01-31T20:00:00.030Z',
    },
  ],
  [
    'confirmed after a hold, which expires no more',
    { status: 'confirmed', expiresAtMs: nowMs + 60_000, changedAtMs: nowMs + 30 },
    { status: 'confirmed', changedAt: '2026-01-31T20:00:00.030Z' },
  ],
  [
    'cancelled',
    { status: 'cancelled', changedAtMs: nowMs + 30 },
    { status: 'cancelled', changedAt: '2026-01-31T20:00:00.030Z' },
  ],
];

for (const [what, more, shown] of lives) {
  test(`${what}: with what matters of it then`, async () => {
    const {
      id: _id,
      showId: _showId,
      lines: _lines,
      requestedAt: _at,
      decidedAt: _then,
      ...rest
    } = await seenIn({ ...confirmed, ...more }).then(({ json }) => json());
    assert.equal(rest, shown);
  });
}

test('every change is another ETag, also two of the same millisecond', async () => {
  const held = { ...confirmed, status: 'held', changedAtMs: nowMs + 30 } as const;
  const states: readonly Reservation[] = [
    confirmed,
    { ...confirmed, changedAtMs: nowMs + 30 },
    { ...confirmed, changedAtMs: nowMs + 30, lines: [{ poolId: standing, quantity: 2 }] },
    held,
    { ...held, extended: true },
  ];
  const etags = await Promise.all(states.map(async (state) => (await seenIn(state)).headers.etag));
  assert.is(new Set(etags).size, states.length);
});

test('a service and an administrator see everybody’s; a service that names a customer, theirs alone', async () => {
  const statusFor = async (headers: Record<string, string>) => (await seenIn(confirmed, headers)).statusCode;
  assert.is(await statusFor(asAdmin), 200);
  assert.is(await statusFor(asService), 200);
  assert.is(await statusFor({ ...asService, ...asAlice }), 200);
  assert.is(await statusFor({ ...asService, 'x-customer-id': 'bob' }), 404);
  assert.is(await statusFor({ 'x-customer-id': 'bob' }), 404);
});
