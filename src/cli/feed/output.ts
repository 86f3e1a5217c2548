export interface Output {
  /** Resolves when the reader has taken the text, or is gone. */
  write(text: string): Promise<void>;
  /** Aborted when the reader has closed the pipe, as `| head` does. */
  readonly gone: AbortSignal;
}

interface Pipe {
  write(text: string, done: () => void): unknown;
  once(event: 'error', hear: () => void): unknown;
}

/** Nothing piles up for a slow reader. */
export const newOutput = (pipe: Pipe): Output => {
  const leaving = new AbortController();
  let onGone = (): void => undefined;
  pipe.once('error', () => {
    leaving.abort();
    onGone();
  });
  return {
    gone: leaving.signal,
    write: (text) =>
      new Promise((resolve) => {
        onGone = resolve;
        if (text === '' || leaving.signal.aborted) resolve();
        else pipe.write(text, resolve);
      }),
  };
};
