/** Ends waits that have lasted too long. */
export interface WaitLimit {
  /** Calls `giveUp` when the wait has lasted too long. Returns the function that ends the wait before that. */
  readonly begin: (giveUp: () => void) => () => void;
}

/** Every wait lasts at most `ms`. */
export const limitOf = (ms: number): WaitLimit => ({
  begin: (giveUp) => {
    const timer = setTimeout(giveUp, ms);
    return () => clearTimeout(timer);
  },
});

/** Ends waits for a server that does not answer. */
export interface SilenceLimit extends WaitLimit {
  /** To be called for each answer of the server, whoever waited for it. */
  readonly heard: () => void;
}

export interface SilenceOptions {
  readonly lookMs: number;
  /** A wait is given up after so many looks in a row without any answer of the server. */
  readonly silentLooks: number;
  /** A wait is given up after so many looks, even if the server answers others. */
  readonly looksMax: number;
}

/**
 * Limits the silence of a server, and not the age of a wait: in a process that is busy, or behind others in a queue, a wait
 * becomes old although the server answers all the time. Time is counted in looks, at most one in a turn of the event loop:
 * a process that was busy for seconds reads its sockets before it looks again, and does not take its own delay for the
 * server's. One timer serves all waits, because one for each would cost a percent of a read.
 */
export const newSilenceLimit = ({ lookMs, silentLooks, looksMax }: SilenceOptions): SilenceLimit => {
  interface Wait {
    readonly since: number;
    readonly giveUp: () => void;
  }
  // In the order of `since`.
  const waits = new Set<Wait>();
  let looks = 0;
  let heardAt = 0;
  let isLooking = false;

  const isOver = ({ since }: Wait): boolean =>
    looks - Math.max(since, heardAt) >= silentLooks || looks - since >= looksMax;
  const look = (): void => {
    looks += 1;
    for (const wait of waits) {
      if (!isOver(wait)) break;
      waits.delete(wait);
      wait.giveUp();
    }
    isLooking = false;
    lookAgain();
  };
  const lookAgain = (): void => {
    if (isLooking || waits.size === 0) return;
    isLooking = true;
    setTimeout(look, lookMs).unref();
  };
  return {
    heard: () => {
      heardAt = looks;
    },
    begin: (giveUp) => {
      const wait = { since: looks, giveUp };
      waits.add(wait);
      lookAgain();
      return () => waits.delete(wait);
    },
  };
};
