import { setTimeout as delay } from 'node:timers/promises';

const READY_LIMIT_MS = 30_000;
const ANSWER_LIMIT_MS = 2_000;

const isReady = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
};

/** Resolves when GET /readyz answers 200 for all of these roles; throws the signal's reason, or after a limit. */
export const waitReady = async (
  address: string,
  roles: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const url = `${address}/readyz?${roles.map((role) => `role=${role}`).join('&')}`;
  const deadline = performance.now() + READY_LIMIT_MS;
  while (!(await isReady(url))) {
    signal.throwIfAborted();
    if (performance.now() > deadline) {
      throw new Error(`${url} was not ready after ${READY_LIMIT_MS / 1_000} s`);
    }
    await delay(30);
  }
};
