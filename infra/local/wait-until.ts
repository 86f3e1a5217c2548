import { setTimeout as delay } from 'node:timers/promises';

/**
 * How many times as long as on an idle machine to wait for what ought to come. Tests set it: they run beside others, and prove
 * nothing about speed.
 */
export const patience = (): number => Number(process.env['ONSALE_TEST_PATIENCE'] ?? 1);

export interface WaitOptions {
  /** On a machine that has nothing else to do. */
  readonly limitMs: number;
  readonly everyMs?: number;
}

/** Asks until the answer is true; false when the limit passed first. */
export const waitUntil = async (
  condition: () => boolean | Promise<boolean>,
  { limitMs, everyMs = 15 }: WaitOptions,
): Promise<boolean> => {
  const deadline = performance.now() + limitMs * patience();
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
};
