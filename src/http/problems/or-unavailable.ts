import { inTime } from '../../shared/in-time.ts';
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

/** Clients and balancers seldom wait longer than two seconds for an answer that they did not ask to wait for. */
const replyLimit = { limitMs: 1_500, message: 'Redis did not answer in time' };

/** The same for a reply of Redis that a client waits for: one that does not come in time is 503 as well. */
export const redisOrUnavailable = <T>(reply: Promise<T>): Promise<T> =>
  orUnavailable('Redis', inTime(reply, replyLimit));

const bugs = [TypeError, SyntaxError, RangeError, ReferenceError];

const unavailable: Problem = {
  code: 'overloaded',
  detail: 'A server this one depends on cannot be reached right now. Nothing was done; try again shortly.',
  retryAfterSeconds: 1,
};
