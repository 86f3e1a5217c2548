import type { FastifyInstance } from 'fastify';
import type { ReservationId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';
import { callerOf, requireCaller } from '../http/identity/identity.ts';
import {
  noSuchReservation,
  parseOwnReservationId,
  type ReservationRoute,
} from '../http/identity/own-reservation-id.ts';
import { idParameters } from '../http/message/fields.ts';
import { representReservation, reservationVersion } from '../http/message/represent-reservation.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { EventStreams } from './event-streams.ts';
import { follow, type StreamSource, streamHeadersSchema, streamResponse } from './follow.ts';
import { lookUpReservation, queuedBody, queuedVersion } from './look-up-reservation.ts';
import type { QueryOptions } from './options.ts';
import { ownReadProblems } from './read-problems.ts';

const schema = {
  operationId: 'watchReservation',
  summary: 'A reservation, as it changes',
  description:
    'Server-sent events, each the whole reservation as GET shows it. Ends when it is confirmed, rejected, cancelled or expired, and with the token it was opened with: come back with a fresh one and Last-Event-ID. A customer may have a few streams open (10 unless set otherwise); one more is 429.',
  tags: ['reservations'],
  security: [{ customer: [] }, { service: [] }, { admin: [] }],
  params: idParameters,
  headers: streamHeadersSchema,
  response: {
    200: streamResponse('The reservation now, and each time it changes.'),
    204: { description: 'The state in Last-Event-ID was the last: do not come back.', type: 'null' },
  },
};

/** GET /v1/reservations/{id}/updates */
export const watchReservation = (
  app: FastifyInstance,
  options: QueryOptions,
  streams: EventStreams,
): void => {
  const route = { schema, config: { problems: ownReadProblems }, onRequest: requireCaller(options.identity) };
  app.get<ReservationRoute>('/v1/reservations/:id/updates', route, async (request, reply) => {
    const id = parseOwnReservationId(request.params.id, callerOf(request), options);
    if (!id) return sendProblem(reply, noSuchReservation);
    return follow(sourceOf(id, options), { request, reply, streams, options });
  });
};

/** Queued, or with a row. */
type State = Reservation | 'queued';

/**
 * Read from the primary: a state that a replica gets late was published before this client subscribed, and
 * would never be sent.
 */
const sourceOf = (id: ReservationId, { reader, tail }: QueryOptions): StreamSource<State> => ({
  id,
  lookUp: async () => {
    const found = await lookUpReservation(id, { reader, tail });
    if (found.type === 'found') return found.reservation;
    return found.type === 'queued' ? found.type : undefined;
  },
  stateIn: (outcome) => (outcome.type === 'reservation' ? outcome.reservation : undefined),
  isOlder: (one, other) => changedAtMs(one) < changedAtMs(other),
  eventOf: (state) =>
    state === 'queued'
      ? { version: queuedVersion, data: JSON.stringify(queuedBody(id)) }
      : { version: reservationVersion(state), data: JSON.stringify(representReservation(state)) },
  isFinal: (state) => state !== 'queued' && state.status !== 'pending' && state.status !== 'held',
  notFound: noSuchReservation,
});

const changedAtMs = (state: State): number =>
  state === 'queued' ? 0 : (state.changedAtMs ?? state.decidedAtMs ?? 0);
