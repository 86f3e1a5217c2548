/**
 * Waits for all, then throws the first error. Promise.all would return at that error, with the others still under way
 * and nobody waiting for them.
 */
export const settleAll = async <Value>(promises: readonly Promise<Value>[]): Promise<readonly Value[]> => {
  await Promise.allSettled(promises);
  return Promise.all(promises);
};
