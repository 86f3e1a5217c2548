import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly limitMs: number;
  readonly everyMs?: number;
}

/** Asks until the answer is true; false when the limit passed first. */
export const waitUntil = async (
  condition: () => boolean | Promise<boolean>,
  { limitMs, everyMs = 15 }: WaitOptions,
): Promise<boolean> => {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
};
