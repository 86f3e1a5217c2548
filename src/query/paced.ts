import type { Writable } from 'node:stream';

export interface Pace {
  readonly pauseMs: number;
  /** Nothing is told once it is closed. */
  readonly client: Writable;
}

/** Tells at most once in `pauseMs`, and then the latest: the last state is always told. */
export const paced = <State>(
  tell: (state: State) => void,
  { pauseMs, client }: Pace,
): ((state: State) => void) => {
  let waiting: { readonly state: State } | undefined;
  let pause: NodeJS.Timeout | undefined;
  const next = (): void => {
    pause = undefined;
    if (!waiting) return;
    const { state } = waiting;
    waiting = undefined;
    pause = setTimeout(next, pauseMs);
    tell(state);
  };
  client.once('close', () => clearTimeout(pause));
  return (state) => {
    waiting = { state };
    if (!pause) next();
  };
};
