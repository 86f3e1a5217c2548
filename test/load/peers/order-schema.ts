import Type from 'typebox';
import { limits } from '../../../src/domain/limits.ts';
import { lineField, referenceField, showIdField } from '../../../src/http/message/fields.ts';

/** What a request must be: the very rules that ours goes by, so that no side validates less than another. */
export const orderSchema = Type.Object(
  {
    showId: showIdField,
    lines: Type.Array(lineField, { minItems: 1, maxItems: limits.linesPerReservation }),
    reference: Type.Optional(referenceField),
  },
  { additionalProperties: false },
);

export type OrderBody = Type.Static<typeof orderSchema>;
