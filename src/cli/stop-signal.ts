/** How long a process may take to stop before it ends itself: less than what orchestrators grant before SIGKILL. */
const stopLimitMs = 20_000;

/**
 * Aborted by SIGTERM, SIGINT, or the end of the parent that watches over this process. A second signal, or a stop that
 * takes too long, ends the process at once.
 */
export const listenForStop = (environment: NodeJS.ProcessEnv): AbortSignal => {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    setTimeout(() => process.exit(1), stopLimitMs).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (environment['ONSALE_PARENT'] === 'ipc' && process.connected) {
    process.once('disconnect', () => {
      if (!stopping.signal.aborted) stop();
    });
  }
  return stopping.signal;
};

export const untilAborted = async (signal: AbortSignal): Promise<void> =>
  await new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
