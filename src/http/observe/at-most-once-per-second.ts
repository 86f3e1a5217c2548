/** What happens to thousands in the same second is worth one line, with the number of those it speaks for. */
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
