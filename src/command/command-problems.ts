import type { ProblemCode } from '../http/problems.ts';

/** What every command may be answered with, whatever it asks for; each adds its own. */
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

/** What every POST may be answered with beside: each takes an Idempotency-Key. */
export const keyedProblems: readonly ProblemCode[] = [
  ...commandProblems,
  'key-required',
  'duplicate-request',
  'idempotency-key-reused',
];
