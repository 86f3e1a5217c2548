import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reservation } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { QueryOptions } from '../../src/query/options.ts';
import {
  alice,
  emptyReader,
  newWatches,
  nowMs,
  reservationIds,
  reservationOf,
  type ServerFakes,
  serverOf,
  show,
} from '../http/fakes.ts';

export const id = reservationIds.mint(3, alice);
export const path = `/v1/reservations/${id}/updates`;
export const held = reservationOf(id, { status: 'held', expiresAtMs: nowMs + 60_000 });
export const watermark = newStreamId(nowMs, 6);

export const until = async (condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not come true');
    await nextTurn();
  }
};

/** A server whose tables hold the current `state`, and whose outcomes the test publishes by hand. */
export const newWorld = (more: Partial<QueryOptions> = {}, server: Partial<ServerFakes> = {}) => {
  const state: { reservation: Reservation | undefined } = { reservation: held };
  const { watches, tell, watching } = newWatches();
  const reader = {
    ...emptyReader,
    reservation: async () => ({ watermark, ...(state.reservation && { reservation: state.reservation }) }),
    show: async () => ({ show }),
  };
  const stopping = new AbortController();
  const options = { watches, reader, stopping: stopping.signal, ...more };
  const app = serverOf({ ...server, query: options, stopping: stopping.signal });
  const close = async () => {
    app.server.closeAllConnections();
    await app.close();
  };
  return { app, state, tell, watching, stopping, close };
};
