import type { ProblemCode } from '../http/problems/problems.ts';

/** Problems that any read may answer with. */
const always = [
  'request-timeout',
  'expectation-failed',
  'too-many-requests',
  'headers-too-large',
  'internal-error',
  'overloaded',
] as const satisfies readonly ProblemCode[];

export const publicReadProblems: readonly ProblemCode[] = ['invalid-request', 'not-found', ...always];

export const ownReadProblems: readonly ProblemCode[] = [
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'not-found',
  ...always,
];
