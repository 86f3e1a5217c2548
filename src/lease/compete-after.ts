import type { Competitor } from './compete.ts';

/** Competes as soon as `ready` says so, and never when it says no. */
export const competeAfter = (
  ready: Promise<boolean>,
  start: () => Competitor,
): Competitor & { readonly hasBegun: () => boolean } => {
  let competitor: Competitor | undefined;
  let isStopped = false;
  const begun = ready.then((mayCompete) => {
    if (mayCompete && !isStopped) competitor = start();
  });
  return {
    hasBegun: () => competitor !== undefined,
    stop: async () => {
      isStopped = true;
      await begun;
      await competitor?.stop();
    },
    held: () => competitor?.held() ?? [],
    unable: () => competitor?.unable() ?? [],
    tryAgain: () => competitor?.tryAgain(),
    elsewhere: () => competitor?.elsewhere() ?? [],
  };
};
