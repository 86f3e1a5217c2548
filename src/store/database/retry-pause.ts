import type { Clock, Random } from '../../domain/ports.ts';
import { backoffMs } from '../../shared/backoff.ts';

const pauses = { first: 10, last: 500 };

/** What waiting needs: the clock and the dice of the process. */
export interface RetryDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** Sleeps after so many tries that failed: longer each time, and never as long as whoever collided with us. */
export const pauseAfter = ({ clock, random }: RetryDeps, tries: number): Promise<void> =>
  clock.sleep(backoffMs(tries, pauses, random));
