import { exitCodes } from '../exit-codes.ts';

/** Aborted by the first Ctrl-C or SIGTERM, after which there is still a show to close; the second ends the process at once. */
export const listenForInterrupt = (): AbortSignal => {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(exitCodes.failed);
    stopping.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stopping.signal;
};
