/**
 * Logs something that may happen thousands of times a second at most once a second, with the number of calls
 * that were not logged.
 */
export const atMostOncePerSecond = <T>(log: (about: T, unlogged: number) => void): ((about: T) => void) => {
  let quietUntilMs = 0;
  let unlogged = 0;
  return (about) => {
    const nowMs = performance.now();
    if (nowMs < quietUntilMs) {
      unlogged += 1;
      return;
    }
    log(about, unlogged);
    quietUntilMs = nowMs + 1000;
    unlogged = 0;
  };
};
