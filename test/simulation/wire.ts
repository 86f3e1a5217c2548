/**
 * What lies between a process and a server in memory. The servers know nothing of time, delays and faults: whoever runs
 * them hands in a wire and decides with it what arrives when, and what never does.
 */
export interface Wire {
  /**
   * Carries a question to the server and the answer back. `effect` is what the server does: it runs in one go, once, later
   * or never, and what it throws is the server's own error reply; a promise is a reply that the server gives when it can,
   * e.g. once a lock is free. Rejects with WireCut when no answer comes.
   */
  ask<T>(what: string, effect: () => T | Promise<T>): Promise<T>;
  /** Carries a message of the server's own accord to the process, later or never. */
  tell(what: string, deliver: () => void): void;
  /** Which connection this is: another number after every reconnect. */
  connection(): number;
}

/** No answer. `sent` false: the question certainly never left; true: the server may have acted on it. */
export class WireCut extends Error {
  readonly sent: boolean;

  constructor(what: string, { sent }: { readonly sent: boolean }) {
    super(`${what}: ${sent ? 'no reply came' : 'not connected'}`);
    this.sent = sent;
  }
}

/** Answers in the next turn, never fails. */
export const newCalmWire = (): Wire => ({
  ask: async (_what, effect) => {
    // A reply never comes in the turn of its question.
    await Promise.resolve();
    return effect();
  },
  tell: (_what, deliver) => {
    queueMicrotask(deliver);
  },
  connection: () => 1,
});
