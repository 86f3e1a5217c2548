import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { referenceField, showIdField } from '../http/fields.ts';
import { customerIdOf, requireCustomer } from '../http/identity.ts';
import { orUnavailable } from '../http/or-unavailable.ts';
import { representReservation, statusField } from '../http/represent-reservation.ts';
import { sendProblem } from '../http/send-problem.ts';
import { newCursor, parseReservationCursor } from './cursor.ts';
import type { QueryOptions } from './options.ts';
import { badCursor, limitDefault, pageOf, pageParameters, pageSchema } from './page.ts';
import { ownReadProblems } from './read-problems.ts';

const querySchema = Type.Object(
  {
    showId: Type.Optional(showIdField),
    status: Type.Optional(statusField),
    reference: Type.Optional(referenceField),
    ...pageParameters,
  },
  { additionalProperties: false },
);

const schema = {
  operationId: 'listReservations',
  summary: 'Your reservations, newest first',
  description: 'Those that have been decided; what is still in the queue is found by its id.',
  tags: ['reservations'],
  security: [{ customer: [] }],
  querystring: querySchema,
  response: { 200: { ...pageSchema(Type.Ref('Reservation#')), description: 'A page of them.' } },
};

/** GET /v1/reservations */
export const listReservations = (app: FastifyInstance, options: QueryOptions): void => {
  const onRequest = requireCustomer(options.identity);
  const config = { problems: ownReadProblems.filter((code) => code !== 'not-found') };
  type Query = { Querystring: Type.Static<typeof querySchema> };
  app.get<Query>('/v1/reservations', { schema, config, onRequest }, async (request, reply) => {
    const customerId = customerIdOf(request);
    const { cursor, limit = limitDefault, ...filters } = request.query;
    const after = cursor === undefined ? undefined : parseReservationCursor(cursor);
    if (cursor !== undefined && !(after && options.reservationIds.isOwn(after, customerId)))
      return sendProblem(reply, badCursor);
    const found = await orUnavailable(
      'MySQL',
      options.reader.reservations({ ...filters, customerId, limit: limit + 1, ...(after && { after }) }),
    );
    const { data, nextCursor } = pageOf(found, { limit, cursorOf: ({ id }) => newCursor(id) });
    reply.header('cache-control', 'private, no-cache');
    return reply.send({ data: data.map(representReservation), nextCursor });
  });
};
