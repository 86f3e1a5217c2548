import { untilDecided } from '../support/partitions.ts';
import type { ServerUrls } from './world.ts';

const triesMax = 3;

/** Waits until every entry is decided, for at most a minute: the audit reports the remaining ones as lost. */
export const untilQuiet = async (urls: ServerUrls): Promise<void> => {
  for (let tried = 0; tried < triesMax; tried += 1) {
    const isQuiet = await untilDecided(urls).then(
      () => true,
      () => false,
    );
    if (isQuiet) return;
  }
};
