import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { CustomerId } from '../domain/ids.ts';
import { type Caller, callerOf, requireCaller } from '../http/identity/identity.ts';
import { seesEverybody } from '../http/identity/sees-everybody.ts';
import { referenceField } from '../http/message/fields.ts';
import { givenShowIdField, validShowId } from '../http/message/given-ids.ts';
import { keepPrivate } from '../http/message/keep-private.ts';
import {
  representReservation,
  representWithCustomer,
  statusField,
} from '../http/message/represent-reservation.ts';
import { orUnavailable } from '../http/problems/or-unavailable.ts';
import { invalidRequest, type Problem } from '../http/problems/problem.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { QueryOptions } from './options.ts';
import {
  badCursor,
  limitDefault,
  nextCursorOf,
  pageParameters,
  pageSchema,
  parseReservationCursor,
  readable,
} from './page.ts';
import { ownReadProblems } from './read-problems.ts';

const querySchema = Type.Object(
  {
    showId: Type.Optional(givenShowIdField),
    status: Type.Optional(statusField),
    reference: Type.Optional(referenceField),
    ...pageParameters,
  },
  { additionalProperties: false },
);

const schema = {
  operationId: 'listReservations',
  summary: 'Reservations, newest first',
  description:
    'A customer’s own. A service lists those of the customer it acts for; services that name none, and administrators, list all of a show by showId. Those that have been decided; what is still in the queue is found by its id.',
  tags: ['reservations'],
  security: [{ customer: [] }, { service: [] }, { admin: [] }],
  querystring: querySchema,
  response: { 200: { ...pageSchema(Type.Ref('Reservation#')), description: 'A page of them.' } },
};

type List = { Querystring: Type.Static<typeof querySchema> };

/** GET /v1/reservations */
export const listReservations = (app: FastifyInstance, options: QueryOptions): void => {
  const onRequest = requireCaller(options.identity);
  const config = { problems: ownReadProblems.filter((code) => code !== 'not-found') };
  const readerOfLists = options.replica ?? options.reader;
  app.get<List>('/v1/reservations', { schema, config, onRequest }, async (request, reply) => {
    const { cursor, limit = limitDefault, ...filters } = filtersIn(request.query);
    const customerId = whoseOf(callerOf(request), filters);
    if (customerId === undefined && filters.showId === undefined) return sendProblem(reply, showNeeded);
    const after = cursor === undefined ? undefined : parseReservationCursor(cursor);
    const isOwn = after && (customerId === undefined || options.reservationIds.isOwn(after, customerId));
    if (cursor !== undefined && !isOwn) return sendProblem(reply, badCursor);
    const whose = customerId !== undefined && { customerId };
    const { rows, next } = await orUnavailable(
      'MySQL',
      readerOfLists.reservations({ ...filters, ...whose, limit, ...(after && { after }) }),
    );
    const data = readable(rows);
    keepPrivate(reply);
    const represent = customerId === undefined ? representWithCustomer : representReservation;
    return reply.send({ data: data.map(represent), nextCursor: nextCursorOf(next) });
  });
};

/** Filters with the show's id in lower case, as it is stored. */
const filtersIn = ({ showId, ...query }: List['Querystring']) => ({
  ...query,
  ...(showId !== undefined && { showId: validShowId(showId) }),
});

/**
 * The customer whose reservations are listed; undefined for those of everybody for a show. An administrator
 * is a customer too, and may ask for either.
 */
const whoseOf = (caller: Caller, { showId }: ReturnType<typeof filtersIn>): CustomerId | undefined =>
  seesEverybody(caller) && showId !== undefined ? undefined : caller.customerId;

const showNeeded: Problem = invalidRequest([
  { pointer: '?showId', detail: 'is required of those who list everybody’s reservations' },
]);
