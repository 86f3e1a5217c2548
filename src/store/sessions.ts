import { asError } from './database-error.ts';
import { openSession, type Session, type SessionLimits } from './session.ts';

export interface SessionsOptions {
  readonly url: string;
  readonly limits: SessionLimits;
  /** Sessions open at most; those waiting for one wait in a line. */
  readonly size: number;
  /** How long one waits in that line before it fails. */
  readonly waitMs: number;
  /** How many may stand in it. */
  readonly waitersMax: number;
}

/** A bounded pool of sessions. Which session ends how is the borrower's to say: release or destroy. */
export interface Sessions {
  borrow(): Promise<Session>;
  release(session: Session): void;
  destroy(session: Session): void;
  /** One outside the pool, certainly a new connection: the caller destroys it. */
  open(): Promise<Session>;
  /** Ends all idle sessions, refuses new borrowers, waits for borrowed ones up to the wait limit. */
  close(): Promise<void>;
}

interface Waiter {
  readonly give: (session: Session) => void;
  readonly fail: (error: Error) => void;
}

class Pool implements Sessions {
  readonly #options: SessionsOptions;
  readonly #idle: Session[] = [];
  readonly #members = new Set<Session>();
  readonly #waiters = new Set<Waiter>();
  readonly #keepAlive: NodeJS.Timeout;
  #opening = 0;
  #closed = false;
  #emptied: () => void = () => undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
    // Three pings in the time the server keeps a silent session: one may be late.
    this.#keepAlive = setInterval(() => this.#pingIdle(), options.limits.silenceMs / 3);
    this.#keepAlive.unref();
  }

  async borrow(): Promise<Session> {
    if (this.#closed) throw new Error('the database sessions are closed');
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#members.size + this.#opening >= this.#options.size) return this.#wait();
    return this.#grow();
  }

  release(session: Session): void {
    if (!this.#members.has(session)) return;
    const waiter = this.#nextWaiter();
    if (waiter) waiter.give(session);
    else if (this.#closed) this.destroy(session);
    else this.#idle.push(session);
  }

  destroy(session: Session): void {
    session.destroy();
    this.#forget(session);
  }

  open(): Promise<Session> {
    return openSession(this.#options.url, this.#options.limits);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#keepAlive);
    for (const waiter of this.#waiters) waiter.fail(new Error('the database sessions are closed'));
    for (const session of this.#idle.splice(0)) this.destroy(session);
    if (this.#members.size === 0) return;
    let limit: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
      limit = setTimeout(resolve, this.#options.waitMs);
    });
    clearTimeout(limit);
    for (const session of this.#members) this.destroy(session);
  }

  async #grow(): Promise<Session> {
    this.#opening += 1;
    try {
      const session = await this.open();
      this.#members.add(session);
      void session.gone.then(() => this.#forget(session));
      return session;
    } catch (error) {
      // Nobody is left to give one back: whoever waits must hear why.
      if (this.#members.size === 0) for (const waiter of this.#waiters) waiter.fail(asError(error));
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  #wait(): Promise<Session> {
    const { size, waitMs, waitersMax } = this.#options;
    if (this.#waiters.size >= waitersMax)
      return Promise.reject(
        new Error(`${waitersMax} are waiting for one of ${size} database sessions already`),
      );
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(limit);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        give: (session) => {
          leave();
          resolve(session);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      const late = `none of ${size} database sessions came free within ${waitMs} ms`;
      const limit = setTimeout(() => waiter.fail(new Error(late)), waitMs);
      this.#waiters.add(waiter);
    });
  }

  #nextWaiter(): Waiter | undefined {
    for (const waiter of this.#waiters) return waiter;
    return undefined;
  }

  #forget(session: Session): void {
    if (!this.#members.delete(session)) return;
    const at = this.#idle.indexOf(session);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#members.size === 0) this.#emptied();
    if (this.#waiters.size === 0 || this.#closed) return;
    this.#grow().then(
      (grown) => this.release(grown),
      () => undefined,
    );
  }

  #pingIdle(): void {
    for (const session of this.#idle.splice(0)) {
      const limit = setTimeout(() => this.destroy(session), this.#options.limits.connectMs);
      session
        .ping()
        .then(() => this.release(session))
        .catch(() => this.destroy(session))
        .finally(() => clearTimeout(limit));
    }
  }
}

export const newSessions = (options: SessionsOptions): Sessions => new Pool(options);
