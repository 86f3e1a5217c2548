import { type Problem, ProblemError } from './problem.ts';

/**
 * The contracts of log and store throw only when their server cannot be asked: that is 503. What only code throws is a bug, and
 * no server is to blame. `dependency` names it to the operator, not to the client.
 */
export const orUnavailable = async <T>(dependency: string, asked: Promise<T>): Promise<T> => {
  try {
    return await asked;
  } catch (error) {
    if (bugs.some((bug) => error instanceof bug)) throw error;
    throw new ProblemError(unavailable, { cause: error, dependency });
  }
};

const bugs = [TypeError, SyntaxError, RangeError, ReferenceError];

const unavailable: Problem = {
  code: 'overloaded',
  detail: 'A server this one depends on cannot be reached right now. Nothing was done; try again shortly.',
  retryAfterSeconds: 1,
};
