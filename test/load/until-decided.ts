import { waitUntil } from '../../infra/local/wait-until.ts';
import type { RunningSide } from './sides/side.ts';

const limitMs = 1_800_000;

/** Resolves once this many requests are decided in all; throws after half an hour. */
export const untilDecided = async (running: RunningSide, total: number): Promise<void> => {
  const isDone = async (): Promise<boolean> => (await running.decided()) >= total;
  if (!(await waitUntil(isDone, { limitMs, everyMs: 20 })))
    throw new Error(`only ${await running.decided()} of ${total} were decided within half an hour`);
};
