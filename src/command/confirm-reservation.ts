import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { optionalBody, referenceField } from '../http/fields.ts';
import { type FollowUpCommand, followUp } from './follow-up.ts';
import type { CommandOptions } from './options.ts';

const command: FollowUpCommand = {
  verb: 'confirm',
  operationId: 'confirmReservation',
  summary: 'Confirm a hold',
  description:
    'The places are taken for good. A hold that has expired is confirmed too, if its places are still free and the limits allow it. Once it is confirmed, another "reference" is refused: of two payments the second learns that it is not the one.',
  body: Type.Object(
    { reference: Type.Optional(referenceField) },
    { additionalProperties: false, ...optionalBody, examples: [{ reference: 'payment-4711' }] },
  ),
  conflicts: ['hold-expired', 'already-cancelled', 'confirmed-otherwise', 'not-reserved'],
  eventOf: (asked, { reference }) => ({
    type: 'ConfirmationRequested',
    ...asked,
    ...(reference !== undefined && { reference }),
  }),
};

/** POST /v1/reservations/{id}/confirm */
export const confirmReservation = (app: FastifyInstance, options: CommandOptions): void =>
  followUp(app, command, options);
