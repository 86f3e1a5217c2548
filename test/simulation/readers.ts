import { partitionOf } from '../../src/domain/ids.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { encodeEntry } from '../../src/log/wire/codec.ts';
import { type LookUp, lookUpReservation } from '../../src/query/look-up-reservation.ts';
import type { Api } from './api.ts';
import type { AnsweredReservation } from './history.ts';
import type { Look } from './looks.ts';
import { newerVersion } from './memory-log/newer-version.ts';
import type { World } from './world.ts';

const stateOf = (seen: LookUp): Look['state'] =>
  seen.type === 'found' ? seen.reservation.status : seen.type;

/** GET, once. An error is a 503, which says nothing. */
export const look = async (world: World, api: Api, nth: number): Promise<void> => {
  const reservation = nthOf(world, nth);
  if (!reservation) return;
  await lookAt(world, api, reservation);
};

const nthOf = ({ history: { reservations } }: World, nth: number): AnsweredReservation | undefined =>
  reservations.at(-1 - (nth % Math.max(1, reservations.length)));

const lookAt = async (world: World, api: Api, reservation: AnsweredReservation): Promise<void> => {
  const { history, scheduler } = world;
  const [beganMs, era] = [scheduler.nowMs(), history.era()];
  const seen = await world.answered(api, lookUpReservation(reservation.id, api));
  if (!seen) return;
  const state = stateOf(seen);
  world.note(`client sees ${state}`);
  history.looked({ id: reservation.id, state, beganMs, endedMs: scheduler.nowMs() }, era);
};

/**
 * When a state that was pushed had been read: nobody knows. It may have waited in the socket of a process that was frozen,
 * while others read later states elsewhere. What is read after it came must not be older all the same.
 */
const pushed = 0;

/**
 * Subscribes, then looks, as the route of the stream of updates does; every state that comes is one that the
 * client sees. A client whose stream breaks is not played: it would begin again.
 */
export const watch = async (world: World, api: Api, nth: number): Promise<void> => {
  const reservation = nthOf(world, nth);
  if (!reservation) return;
  const { history, scheduler } = world;
  const era = history.era();
  const watching = api.watches.watch(reservation.id, (outcome) => {
    if (outcome.type !== 'reservation') return;
    const { status } = outcome.reservation;
    world.note(`watcher sees ${status}`);
    history.looked({ id: reservation.id, state: status, beganMs: pushed, endedMs: scheduler.nowMs() }, era);
  });
  if (watching.type === 'full') return;
  await world.answered(api, watching.ready);
  await lookAt(world, api, reservation);
};

/** What an API process of the next release does; replicas are not waited for, so it promises nothing there. */
export const sendNewer = async (world: World, request: RequestEvent): Promise<void> => {
  const { history, log, settings } = world;
  const [v, , r, wire] = encodeEntry(request);
  const partition = partitionOf('showId' in request ? request.showId : request.reservationId);
  history.sends(request);
  try {
    await world.foreignWire.ask('append of a newer version', () =>
      log.appendRaw(partition, [v, newerVersion, r, wire]),
    );
    if (settings.durability !== 'replicated') history.ends(request, 'ok');
  } catch {
    // It may be on the stream.
  }
};
