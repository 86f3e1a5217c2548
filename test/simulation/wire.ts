/**
 * The connection between a process and a server in memory. The servers know nothing of time, delays and
 * faults: the test that runs them passes in a wire, which decides what arrives when, and what never arrives.
 */
export interface Wire {
  /**
   * Carries a call to the server and the answer back. `effect` is what the server does: it runs as a whole,
   * once, later or never. What it throws is the server's own error reply. A promise is a reply that the
   * server gives when it can, e.g. once a lock is free. Rejects with WireCut if no answer comes.
   */
  ask<T>(what: string, effect: () => T | Promise<T>): Promise<T>;
  /** Carries a message that the server sends unasked to the process, later or never. */
  tell(what: string, deliver: () => void): void;
  /** Number of the current connection: it changes with every reconnect. */
  connection(): number;
}

/** No answer. `sent` false: the call certainly never left; true: the server may have acted on it. */
export class WireCut extends Error {
  readonly sent: boolean;

  constructor(what: string, { sent }: { readonly sent: boolean }) {
    super(`${what}: ${sent ? 'no reply came' : 'not connected'}`);
    this.sent = sent;
  }
}

/** Answers in the next turn of the event loop, never fails. */
export const newCalmWire = (): Wire => ({
  ask: async (_what, effect) => {
    // A reply never arrives in the same turn as its call.
    await Promise.resolve();
    return effect();
  },
  tell: (_what, deliver) => {
    queueMicrotask(deliver);
  },
  connection: () => 1,
});
