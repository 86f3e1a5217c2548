import type { Problem } from '../http/problem.ts';

/** The log said no: certainly nothing was appended. */
export const refusedByLog: Problem = {
  code: 'overloaded',
  detail: 'The log cannot take the request right now. Nothing was done; try again after Retry-After seconds.',
  retryAfterSeconds: 1,
};

/** The log said nothing: the request may or may not be in it. `instance` is what it was made for. */
export const outcomeUnknown = (instance: string): Problem => ({
  code: 'outcome-unknown',
  detail: `The log did not answer: the request may or may not be in the queue. GET ${instance} after Retry-After seconds; if it is 404 then, nothing was done and you may ask again.`,
  instance,
  retryAfterSeconds: 2,
});

/** The same for what changes a thing that is there: only asking again tells. */
export const changeUnknown = (instance: string): Problem => ({
  code: 'outcome-unknown',
  detail: `The log did not answer: the request may or may not be in the queue. GET ${instance} after Retry-After seconds to see whether it was carried out, or ask again.`,
  instance,
  retryAfterSeconds: 2,
});
