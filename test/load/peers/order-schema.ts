import Type from 'typebox';
import { limits } from '../../../src/domain/limits.ts';
import { lineField, referenceField, showIdField } from '../../../src/http/message/fields.ts';

/** The same rules for a request as ours, so that no side validates less than another. */
export const orderSchema = Type.Object(
  {
    showId: showIdField,
    lines: Type.Array(lineField, { minItems: 1, maxItems: limits.linesPerReservation }),
    reference: Type.Optional(referenceField),
  },
  { additionalProperties: false },
);

export type OrderBody = Type.Static<typeof orderSchema>;
