import { setTimeout as delay } from 'node:timers/promises';

/**
 * A factor for all time limits here; 1 on an idle machine. Tests set a larger one: they share the machine
 * with other tests and do not measure speed.
 */
export const patience = (): number => Number(process.env['ONSALE_TEST_PATIENCE'] ?? 1);

export interface WaitOptions {
  /** The limit on an idle machine. */
  readonly limitMs: number;
  readonly everyMs?: number;
}

/** Polls until the answer is true; false when the limit passed first. */
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
