/**
 * Another session's lock blocks the statement. The client gets no error: the statement waits for the lock.
 */
export class Blocked extends Error {
  readonly lock: string;

  constructor(lock: string) {
    super(`somebody else holds ${lock}`);
    this.lock = lock;
  }
}

/** Row locks: each is held from the first statement that touches the row to the end of the transaction. */
export class Locks<Holder extends object> {
  readonly #holders = new Map<string, Holder>();
  readonly #held = new Map<Holder, string[]>();

  holder(lock: string): Holder | undefined {
    return this.#holders.get(lock);
  }

  take(lock: string, asker: Holder): void {
    const holder = this.#holders.get(lock);
    if (holder === asker) return;
    if (holder) throw new Blocked(lock);
    this.#holders.set(lock, asker);
    const held = this.#held.get(asker);
    if (held) held.push(lock);
    else this.#held.set(asker, [lock]);
  }

  release(holder: Holder): void {
    for (const lock of this.#held.get(holder) ?? []) this.#holders.delete(lock);
    this.#held.delete(holder);
  }
}
