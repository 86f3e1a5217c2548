/**
 * npm passes on a Ctrl-C that the terminal has already sent to us. Two signals within this time are one key
 * press.
 */
const SAME_KEY_PRESS_MS = 500;

export interface StopSignals {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly stopping: AbortSignal;
}

/** Listens for Ctrl-C and SIGTERM; the second one forces. */
export const stopSignals = (onFirst: () => void, force: () => void): StopSignals => {
  const stopping = new AbortController();
  let firstAt = 0;
  const stop = (): void => {
    if (stopping.signal.aborted) {
      if (performance.now() - firstAt > SAME_KEY_PRESS_MS) force();
      return;
    }
    firstAt = performance.now();
    stopping.abort(new Error('stopped while starting'));
    onFirst();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  return { stopping: stopping.signal };
};
