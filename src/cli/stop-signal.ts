/** How long a process may take to stop before it ends itself: less than what orchestrators grant before SIGKILL. */
const stopLimitMs = 20_000;

/**
 * Aborted by SIGTERM, SIGINT, or the end of the supervising parent. A second signal, or a stop that takes too long, ends the
 * process at once.
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
  if (environment['ONSALE_PARENT'] === 'ipc') watchParent(stop);
  return stopping.signal;
};

/** The parent holds the other end of an IPC channel and never sends anything; the channel closes when the parent is gone. */
const watchParent = (stop: () => void): void => {
  let gone = false;
  const once = (): void => {
    if (!gone) stop();
    gone = true;
  };
  process.once('disconnect', once);
  // Listening must not keep a stopped process alive.
  process.channel?.unref();
  if (!process.connected) once();
};

export const untilAborted = async (signal: AbortSignal): Promise<void> =>
  await new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
