import type { Reservation } from '../../src/client/reservation.ts';
import { representReservation } from '../../src/http/message/represent-reservation.ts';
import { queuedBody } from '../../src/query/look-up-reservation.ts';
import { reservationId } from '../domain/generate.ts';
import { cells } from '../domain/state-table.ts';
import { existing, storyByDecide } from '../domain/story.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('client: what is known of a reservation by its status');

type Status = Reservation['status'];
type Of<One extends Status> = Extract<Reservation, { readonly status: One }>;
type Certain<Fields> = {
  [Name in keyof Fields]-?: object extends Pick<Fields, Name> ? never : Name;
}[keyof Fields];

const decided = ['id', 'status', 'showId', 'lines', 'requestedAt', 'decidedAt'] as const;
const hold = [...decided, 'expiresAt', 'extended'] as const;

/** Exactly the fields that the types promise: the compiler compares them. */
const certain = {
  pending: ['id', 'status'],
  held: hold,
  confirmed: decided,
  rejected: [...decided, 'reason'],
  cancelled: decided,
  expired: hold,
} as const satisfies { readonly [One in Status]: readonly Certain<Of<One>>[] };

type Forgotten = { [One in Status]: Exclude<Certain<Of<One>>, (typeof certain)[One][number]> }[Status];
const nothingForgotten: [Forgotten] extends [never] ? true : false = true;

test('whatever happened to it, the service tells all that the types call certain', () => {
  assert.ok(nothingForgotten);
  const seen = new Set<string>();
  for (const { play } of cells) {
    const story = storyByDecide();
    play(story);
    const body = representReservation(existing(story.reservation(1)));
    seen.add(body.status);
    for (const name of certain[body.status])
      assert.ok(Object.hasOwn(body, name), `a ${body.status} one without ${name}`);
  }
  assert.is(seen.size, 5);
  assert.equal(Object.keys(queuedBody(reservationId(1))), certain.pending);
});
