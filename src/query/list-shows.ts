import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { representShow } from '../http/message/represent-show.ts';
import { orUnavailable } from '../http/problems/or-unavailable.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { QueryOptions } from './options.ts';
import { badCursor, limitDefault, pageOf, pageParameters, pageSchema, parseShowCursor } from './page.ts';
import { publicReadProblems } from './read-problems.ts';

const querySchema = Type.Object(pageParameters, { additionalProperties: false });

const schema = {
  operationId: 'listShows',
  summary: 'Shows, newest first',
  tags: ['shows'],
  querystring: querySchema,
  response: { 200: { ...pageSchema(Type.Ref('Show#')), description: 'A page of them.' } },
};

/** GET /v1/shows */
export const listShows = (app: FastifyInstance, { reader, replica = reader }: QueryOptions): void => {
  const config = { problems: publicReadProblems.filter((code) => code !== 'not-found') };
  type Query = { Querystring: Type.Static<typeof querySchema> };
  app.get<Query>('/v1/shows', { schema, config }, async (request, reply) => {
    const { cursor, limit = limitDefault } = request.query;
    const after = cursor === undefined ? undefined : parseShowCursor(cursor);
    if (cursor !== undefined && !after) return sendProblem(reply, badCursor);
    const found = await orUnavailable('MySQL', replica.shows({ limit: limit + 1, ...(after && { after }) }));
    const { data, nextCursor } = pageOf(found, limit);
    reply.header('cache-control', 'max-age=1');
    return reply.send({ data: data.map(representShow), nextCursor });
  });
};
