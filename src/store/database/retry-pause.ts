import type { Clock, Random } from '../../domain/ports.ts';
import { backoffMs } from '../../shared/backoff.ts';

const pauses = { first: 10, last: 500 };

/** What a retry needs: the clock, and random numbers for the jitter. */
export interface RetryDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** Sleeps after `tries` failed tries: longer each time, and with jitter, so that two that collided do not collide again. */
export const pauseAfter = ({ clock, random }: RetryDeps, tries: number): Promise<void> =>
  clock.sleep(backoffMs(tries, pauses, random));
