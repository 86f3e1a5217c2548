import Type from 'typebox';
import { reservationIdField } from '../http/fields.ts';
import type { ProblemCode } from '../http/problems.ts';
import { responseHeaders } from '../http/response-headers.ts';
import { keyedProblems } from './command-problems.ts';

const { location, retryAfter, etag, preferenceApplied, idempotentReplayed } = responseHeaders;

/** What confirm, extend and cancel answer alike. */
export const followUpResponses = {
  200: {
    description: 'Carried out, or it was so already: the reservation as it is now.',
    headers: { ...etag, ...preferenceApplied, ...idempotentReplayed },
    $ref: 'Reservation#',
  },
  202: Type.Object(
    {
      id: reservationIdField,
      requested: Type.String({ description: 'What was asked for, as the history names it.' }),
    },
    {
      description: 'In the queue; look at Location after Retry-After seconds.',
      headers: { ...location, ...retryAfter, ...preferenceApplied, ...idempotentReplayed },
      examples: [{ id: '01941f29-7c00-8003-9a2b-3c4d5e6f7081', requested: 'ConfirmationRequested' }],
    },
  ),
};

export const followUpProblems = (conflicts: readonly ProblemCode[]): readonly ProblemCode[] => [
  ...keyedProblems,
  'not-found',
  ...conflicts,
];
