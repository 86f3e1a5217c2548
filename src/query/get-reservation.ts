import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { partitionOf, type ReservationId } from '../domain/ids.ts';
import { onHangUp } from '../http/connection/on-hang-up.ts';
import { callerOf, requireCaller } from '../http/identity/identity.ts';
import {
  noSuchReservation,
  parseOwnReservationId,
  type ReservationRoute,
} from '../http/identity/own-reservation-id.ts';
import { etagMatches } from '../http/message/etag.ts';
import { idParameters } from '../http/message/fields.ts';
import { keepPrivate } from '../http/message/keep-private.ts';
import { parsePrefer, type WaitPreference } from '../http/message/prefer.ts';
import {
  type ReservationBody,
  representReservation,
  reservationEtag,
} from '../http/message/represent-reservation.ts';
import { responseHeaders } from '../http/message/response-headers.ts';
import { retryAfterSeconds } from '../http/message/retry-after.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import { type LookUp, lookUpReservation, queuedBody, queuedVersion } from './look-up-reservation.ts';
import type { QueryOptions } from './options.ts';
import { ownReadProblems } from './read-problems.ts';

const schema = {
  operationId: 'getReservation',
  summary: 'A reservation',
  description: 'Never 404 for what was accepted. With Prefer: wait=N the answer waits while it is pending.',
  tags: ['reservations'],
  security: [{ customer: [] }, { service: [] }, { admin: [] }],
  params: idParameters,
  headers: Type.Object({
    prefer: Type.Optional(Type.String({ description: 'wait=N: wait up to N ≤ 30 seconds while pending.' })),
    'if-none-match': Type.Optional(Type.String()),
  }),
  response: {
    200: {
      description: 'As it stands now.',
      headers: {
        ...responseHeaders.etag,
        ...responseHeaders.retryAfter,
        ...responseHeaders.preferenceApplied,
      },
      $ref: 'Reservation#',
    },
    304: { description: 'As If-None-Match has it.', type: 'null' },
  },
};

/** GET /v1/reservations/{id} */
export const getReservation = (app: FastifyInstance, options: QueryOptions): void => {
  const onRequest = requireCaller(options.identity);
  const config = { problems: ownReadProblems };
  app.get<ReservationRoute>('/v1/reservations/:id', { schema, config, onRequest }, async (request, reply) => {
    const id = parseOwnReservationId(request.params.id, callerOf(request), options);
    if (!id) return sendProblem(reply, noSuchReservation);
    const preference = parsePrefer(request.headers.prefer);
    if (preference) reply.header('preference-applied', preference.applied);
    const ifNoneMatch = request.headers['if-none-match'];
    const lookUp = () => lookUpReservation(id, options, ifNoneMatch);
    const seen = preference?.waitMs
      ? await lookUpWhilePending(id, preference, { reply, options, lookUp })
      : await lookUp();
    if (seen.type === 'unknown') return sendProblem(reply, noSuchReservation);
    if (isPending(seen)) reply.header('retry-after', await retryAfter(id, options));
    return answer(request, reply, { body: bodyOf(id, seen), etag: etagOf(seen) });
  });
};

interface WaitOptions {
  readonly reply: FastifyReply;
  readonly options: QueryOptions;
  readonly lookUp: () => Promise<LookUp>;
}

/** The wait begins before the look-up, so that an outcome published in between still ends it. */
const lookUpWhilePending = async (
  id: ReservationId,
  { waitMs }: WaitPreference,
  { reply, options, lookUp }: WaitOptions,
): Promise<LookUp> => {
  const wait = options.outcomes.wait(id, { timeoutMs: waitMs });
  onHangUp(reply, () => wait.cancel());
  try {
    const now = await lookUp();
    if (!isPending(now)) return now;
    const outcome = await wait.outcome;
    return outcome?.type === 'reservation'
      ? { type: 'found', reservation: outcome.reservation }
      : await lookUp();
  } finally {
    wait.cancel();
  }
};

const isPending = (seen: LookUp): boolean =>
  seen.type === 'queued' || (seen.type === 'found' && seen.reservation.status === 'pending');

const bodyOf = (id: ReservationId, seen: LookUp): ReservationBody =>
  seen.type === 'found' ? representReservation(seen.reservation) : queuedBody(id);

const etagOf = (seen: LookUp): string =>
  seen.type === 'found' ? reservationEtag(seen.reservation) : `"${queuedVersion}"`;

const retryAfter = async (id: ReservationId, { backlogs }: QueryOptions): Promise<number> =>
  retryAfterSeconds(backlogs.of(partitionOf(id)));

interface Answer {
  readonly body: ReservationBody;
  readonly etag: string;
}

const answer = (
  request: FastifyRequest<ReservationRoute>,
  reply: FastifyReply,
  { body, etag }: Answer,
): FastifyReply => {
  keepPrivate(reply).header('etag', etag);
  return etagMatches(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(body);
};
