import { type Problem, ProblemError } from './problem.ts';

/**
 * Turns a failed call of the log or the store into 503, because their contracts throw only when the server
 * cannot be reached. A problem that says more is passed on, and so are errors that only code can throw: they are
 * bugs. `dependency` names the server for the operator, not for the client.
 */
export const orUnavailable = async <T>(dependency: string, asked: Promise<T>): Promise<T> => {
  try {
    return await asked;
  } catch (error) {
    const isMore = error instanceof ProblemError || bugs.some((bug) => error instanceof bug);
    if (isMore) throw error;
    throw new ProblemError(unavailable, { cause: error, dependency });
  }
};

const bugs = [TypeError, SyntaxError, RangeError, ReferenceError];

const unavailable: Problem = {
  code: 'overloaded',
  detail: 'A server this one depends on cannot be reached right now. Nothing was done; try again shortly.',
  retryAfterSeconds: 1,
};
