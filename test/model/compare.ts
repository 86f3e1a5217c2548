import type { RequestEvent } from '../../src/domain/requests.ts';
import { requestIdOf } from '../../src/domain/requests.ts';
import { inAWord } from '../domain/story.ts';
import { newReplay, replayEntry } from '../support/replay.ts';
import { assert } from '../support/suite.ts';
import { customers } from './build-request.ts';
import { customerHas, placesIn, type Reference } from './reference.ts';
import type { World } from './world.ts';

/** Asserts everything on which the two must agree after a batch of these requests. */
export const compare = (world: World, reference: Reference, asked: readonly RequestEvent[]): void => {
  agree('shows', showsOf(world), expectedShows(reference));
  agree('reservations', reservationsOf(world).sort(), expectedReservations(reference).sort());
  agree('answers', answersOf(world), Object.fromEntries(reference.answers));
  agree('parked', [...world.parked()], []);
  compareRemembered(world, reference);
  for (const request of asked) assert.ok(world.published().has(requestIdOf(request)), 'nobody was told');
};

const agree = (what: string, actual: unknown, expected: unknown): void => {
  try {
    assert.equal(actual, expected);
  } catch (cause) {
    // fast-check prints only the message, so it contains the difference.
    const text = `got ${JSON.stringify(actual, undefined, 1)} instead of ${JSON.stringify(expected, undefined, 1)}`;
    throw new Error(`${what}: ${text}`, { cause });
  }
};

const sorted = (rules: object): string => JSON.stringify(Object.entries(rules).toSorted());

const showsOf = (world: World): string[] =>
  [...world.tables().ledgers.values()].flatMap(({ showId, revision, rules, pools }) => [
    `show ${showId} revision ${revision} ${sorted(rules)}`,
    ...pools.map(
      ({ id, capacity, target, held, confirmed }) =>
        `${id}: ${held} held, ${confirmed} confirmed of ${capacity}, target ${target}`,
    ),
  ]);

const expectedShows = (reference: Reference): string[] =>
  [...reference.shows.values()].flatMap(({ id: showId, revision, rules, pools }) => [
    `show ${showId} revision ${revision} ${sorted(rules)}`,
    ...pools.map(({ id, capacity, target }) => {
      const held = placesIn(reference, { showId, poolId: id }, 'held');
      const confirmed = placesIn(reference, { showId, poolId: id }, 'confirmed');
      assert.ok(held + confirmed <= capacity, 'the reference itself has sold too much');
      return `${id}: ${held} held, ${confirmed} confirmed of ${capacity}, target ${target}`;
    }),
  ]);

const reservationsOf = (world: World): string[] =>
  [...world.tables().reservations.values()].map(
    ({ id, status, lines, reference, reason, expiresAtMs, extended = false }) =>
      JSON.stringify({ id, status, lines, reference, reason, expiresAtMs, extended }),
  );

const expectedReservations = (reference: Reference): string[] =>
  [...reference.reservations.values()].map(
    ({ id, status, lines, reference: name, reason, expiresAtMs, extended }) =>
      JSON.stringify({ id, status, lines, reference: name, reason, expiresAtMs, extended }),
  );

const answersOf = (world: World): Record<string, string> =>
  Object.fromEntries(
    world.journal().flatMap(({ requestId, decision }) => (requestId ? [[requestId, inAWord(decision)]] : [])),
  );

/** The projector's caches and published outcomes must agree with the journal. */
const compareRemembered = (world: World, reference: Reference): void => {
  const { ledgers, customers: totals } = world.owned();
  for (const [id, ledger] of ledgers) agree('ledger remembered', ledger, world.tables().ledgers.get(id));
  for (const showId of reference.shows.keys()) {
    for (const customer of customers) {
      const believed = totals.get(`${showId} ${customer}`);
      if (believed) agree('totals remembered', believed, customerHas(reference, showId, customer));
    }
  }
  for (const outcome of world.published().values()) {
    if (outcome.type === 'reservation')
      agree('reservation told', outcome.reservation, world.tables().reservations.get(outcome.reservation.id));
    if (outcome.type === 'show')
      agree('show told', outcome.show, world.tables().ledgers.get(outcome.show.showId));
  }
};

/** A rebuild from the first entry must give the same tables as the batches. */
export const compareRebuilt = (world: World): void => {
  const rebuilt = newReplay();
  for (const entry of world.journal()) replayEntry(rebuilt, entry);
  agree('rebuild', rebuilt, world.tables());
  const positions = world.journal().map(({ position }) => position);
  agree(
    'positions',
    positions,
    [...new Set(positions)].toSorted((a, b) => a - b),
  );
};
