import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { limits } from '../domain/limits.ts';
import { lineField, optionalBody } from '../http/fields.ts';
import { type FollowUpCommand, followUp } from './follow-up.ts';
import type { CommandOptions } from './options.ts';

const command: FollowUpCommand = {
  verb: 'cancel',
  operationId: 'cancelReservation',
  summary: 'Give places back',
  description:
    'All of them, or those in "lines", which needs an Idempotency-Key: a repetition without one would give back once more. They are free for the next request in the queue.',
  body: Type.Object(
    {
      lines: Type.Optional(Type.Array(lineField, { minItems: 1, maxItems: limits.linesPerReservation })),
    },
    {
      additionalProperties: false,
      ...optionalBody,
      examples: [{ lines: [{ poolId: 'standing', quantity: 1 }] }],
    },
  ),
  conflicts: ['not-reserved'],
  actsAgain: ({ lines }) => lines !== undefined,
  eventOf: (asked, { lines }) => ({
    type: 'CancellationRequested',
    ...asked,
    ...(lines && { lines }),
  }),
};

/** POST /v1/reservations/{id}/cancel */
export const cancelReservation = (app: FastifyInstance, options: CommandOptions): void =>
  followUp(app, command, options);
