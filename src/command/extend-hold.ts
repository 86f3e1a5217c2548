import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { optionalBody } from '../http/fields.ts';
import { type FollowUpCommand, followUp } from './follow-up.ts';
import type { CommandOptions } from './options.ts';

const command: FollowUpCommand = {
  verb: 'extend',
  operationId: 'extendHold',
  summary: 'Extend a hold',
  description: 'Once: it then lasts as long as a new one from now.',
  body: Type.Object({}, { additionalProperties: false, ...optionalBody, examples: [{}] }),
  conflicts: ['hold-expired', 'not-held', 'extension-used', 'already-cancelled', 'not-reserved'],
  eventOf: (asked) => ({ type: 'ExtensionRequested', ...asked }),
};

/** POST /v1/reservations/{id}/extend */
export const extendHold = (app: FastifyInstance, options: CommandOptions): void =>
  followUp(app, command, options);
