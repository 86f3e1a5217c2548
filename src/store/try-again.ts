import type { Clock, Random } from '../domain/ports.ts';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/** What waiting needs: the clock and the dice of the process. */
export interface Patience {
  readonly clock: Clock;
  readonly random: Random;
}

/** Sleeps before try number `tries + 1`: longer each time, and never as long as whoever collided with us. */
export const pauseAfter = ({ clock, random }: Patience, tries: number): Promise<void> => {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  return clock.sleep(longest * (0.5 + random() / 2));
};
