import type { FastifyInstance } from 'fastify';
import { problemSchema } from './problem-schema.ts';
import { reservationSchema } from './represent-reservation.ts';
import { showSchema } from './represent-show.ts';

/** The nouns of the API by name, so that OpenAPI and the code generated from it know them by name too. */
export const addSharedSchemas = (app: FastifyInstance): void => {
  for (const schema of [problemSchema, reservationSchema, showSchema]) app.addSchema(schema);
};
