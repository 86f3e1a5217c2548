import { untilDecided } from '../support/partitions.ts';
import type { ServerUrls } from './world.ts';

const triesMax = 3;

/** Waits for every entry to be decided, a minute at the most: what is not decided by then the audit calls lost. */
export const untilQuiet = async (urls: ServerUrls): Promise<void> => {
  for (let tried = 0; tried < triesMax; tried += 1) {
    const isQuiet = await untilDecided(urls).then(
      () => true,
      () => false,
    );
    if (isQuiet) return;
  }
};
