/** Where output goes: stdout, unless a test reads it. */
export interface Pipe {
  write(text: string, done: () => void): unknown;
  once(event: 'error', hear: () => void): unknown;
}

/** Aborted when the reader has closed the pipe, as `| head` does. */
export const readerGone = (pipe: Pipe): AbortSignal => {
  const gone = new AbortController();
  pipe.once('error', () => gone.abort());
  return gone.signal;
};

/** Waits until the reader has taken the text, so that a slow reader does not make output pile up; not after `ended`. */
export const written = (pipe: Pipe, text: string, ended: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      ended.removeEventListener('abort', done);
      resolve();
    };
    ended.addEventListener('abort', done);
    if (ended.aborted) done();
    else pipe.write(text, done);
  });
