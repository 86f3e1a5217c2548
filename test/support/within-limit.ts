import { type WaitOptions, waitUntil } from '../../infra/local/wait-until.ts';
import { assert } from './suite.ts';

/** The value of a promise, or the error it is rejected with. Fails when it does not settle within the limit. */
export const settledWithin = async (limit: WaitOptions, promise: Promise<unknown>): Promise<unknown> => {
  let settled: { readonly value: unknown } | undefined;
  const settle = (value: unknown): void => {
    settled = { value };
  };
  promise.then(settle, settle);
  assert.ok(await waitUntil(() => settled !== undefined, limit), `not settled within ${limit.limitMs} ms`);
  return settled?.value;
};
