import Type from 'typebox';
import { limits } from '../domain/limits.ts';
import { lineField, optionalBody, referenceField } from '../http/message/fields.ts';
import type { FollowUpCommand } from './follow-up.ts';

/** POST /v1/reservations/{id}/confirm */
export const confirm: FollowUpCommand = {
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
  requestOf: (followUp, { reference }) => ({
    type: 'ConfirmationRequested',
    ...followUp,
    ...(reference !== undefined && { reference }),
  }),
};

/** POST /v1/reservations/{id}/extend */
export const extend: FollowUpCommand = {
  verb: 'extend',
  operationId: 'extendHold',
  summary: 'Extend a hold',
  description: 'Once: it then lasts as long as a new one from now.',
  body: Type.Object({}, { additionalProperties: false, ...optionalBody, examples: [{}] }),
  conflicts: ['hold-expired', 'not-held', 'extension-used', 'already-cancelled', 'not-reserved'],
  requestOf: (followUp) => ({ type: 'ExtensionRequested', ...followUp }),
};

/** POST /v1/reservations/{id}/cancel */
export const cancel: FollowUpCommand = {
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
  needsKey: ({ lines }) => lines !== undefined,
  requestOf: (followUp, { lines }) => ({
    type: 'CancellationRequested',
    ...followUp,
    ...(lines && { lines }),
  }),
};
