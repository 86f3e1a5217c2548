import type { Clock } from '../../domain/ports.ts';

export interface Schedule {
  readonly requests: number;
  readonly ratePerSecond: number;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** Ends the schedule early. */
  readonly stopping: AbortSignal;
  /** Gets the time that the request was due: latency is counted from there. */
  readonly send: (request: number, intendedMs: number) => void;
}

const tickMs = 2;

/**
 * An open loop: sends at the given rate however many answers are outstanding, as independent customers do. When this
 * process was held up, all requests that are due are sent at once. Resolves to the number sent.
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
