import Type from 'typebox';
import type { ShowLedger } from '../domain/ledger.ts';
import { reservationIdField, showIdField } from '../http/message/fields.ts';
import { representShow, showEtag } from '../http/message/represent-show.ts';
import { responseHeaders } from '../http/message/response-headers.ts';
import type { ProblemCode } from '../http/problems/problems.ts';
import type { Granted } from './answer-submission.ts';

const { location, retryAfter, etag, preferenceApplied, idempotentReplayed } = responseHeaders;

/** The problems that every command may answer with; each command adds its own. */
export const commandProblems: readonly ProblemCode[] = [
  'malformed-json',
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'request-timeout',
  'expectation-failed',
  'payload-too-large',
  'unsupported-media-type',
  'too-many-requests',
  'headers-too-large',
  'internal-error',
  'overloaded',
  'outcome-unknown',
  'stopping',
];

/** The problems that every POST may answer with, because each accepts an Idempotency-Key. */
export const keyedProblems: readonly ProblemCode[] = [
  ...commandProblems,
  'key-required',
  'duplicate-request',
  'idempotency-key-reused',
];

export const followUpProblems = (conflicts: readonly ProblemCode[]): readonly ProblemCode[] => [
  ...keyedProblems,
  'not-found',
  ...conflicts,
];

/** The responses of confirm, extend and cancel. */
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

/** How long a command about a show waits for its decision. */
export const showWaitMsMax = 10_000;

/** The 202 of a command about a show. */
export const pendingShowSchema = Type.Object(
  { id: showIdField, status: Type.Unsafe<'pending'>({ type: 'string', enum: ['pending'] }) },
  {
    description: 'Not decided yet; look at Location after Retry-After seconds.',
    headers: { ...location, ...retryAfter, ...idempotentReplayed },
    examples: [{ id: '01941f29-7000-8003-8123-456789abcdef', status: 'pending' }],
  },
);

export const showAsItIs = (show: ShowLedger): Granted => ({
  type: 'granted',
  status: 200,
  body: representShow(show),
  etag: showEtag(show),
});
