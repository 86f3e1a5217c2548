import { orUnavailable } from '../http/problems/or-unavailable.ts';
import { inTime } from '../shared/in-time.ts';

/** Clients and balancers seldom wait longer than two seconds for an answer that they did not ask to wait for. */
const answerMsMax = 1_900;

/**
 * For answers that take more than one step: each step has a time limit of its own, but two slow steps may take too long
 * together. After the limit the answer is 503. `sinceMs` is when the first step began, by performance.now().
 */
export const answerInTime = <Answer>(answer: Promise<Answer>, sinceMs: number): Promise<Answer> => {
  const limitMs = Math.max(0, sinceMs + answerMsMax - performance.now());
  return orUnavailable('Redis or MySQL', inTime(answer, { limitMs, message: 'no answer in time' }));
};
