import type { Clock } from '../../domain/ports.ts';

export interface Schedule {
  readonly requests: number;
  readonly ratePerSecond: number;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** Ends it early. */
  readonly stopping: AbortSignal;
  /** The time is the one it was meant for: whoever is late counts from there. */
  readonly send: (request: number, intendedMs: number) => void;
}

const tickMs = 2;

/**
 * An open loop: sends at the rate whatever is still unanswered, as customers do who know nothing of each other. What is
 * due is sent at once, also when this process was held up. Resolves to how many were sent.
 */
export const onSchedule = async (schedule: Schedule): Promise<number> => {
  const { requests, ratePerSecond, clock, stopping, send } = schedule;
  const beganMs = clock.monotonicMs();
  let sent = 0;
  while (sent < requests && !stopping.aborted) {
    const due = Math.floor(((clock.monotonicMs() - beganMs) * ratePerSecond) / 1_000) + 1;
    for (; sent < Math.min(due, requests); sent++) send(sent, beganMs + (sent * 1_000) / ratePerSecond);
    if (sent < requests) await clock.sleep(tickMs, stopping);
  }
  return sent;
};
