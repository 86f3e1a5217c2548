import type { Clock } from '../../../src/domain/ports.ts';
import type { Batch } from '../../../src/store/contract.ts';
import { type Fault, type FaultOf, faultErrors } from './fault.ts';
import { Blocked, Locks } from './locks.ts';
import { MemoryTransaction } from './memory-transaction.ts';
import { connectionLost, deadlock, lockWaitOver } from './server-error.ts';
import type { Tables } from './tables.ts';

/** The server's state for one connection. */
export interface ServerSession {
  readonly silenceMs: number;
  readonly lockWaitMs: number;
  /** The batches that the transaction will commit, as the client declared. */
  about: readonly Batch[];
  transaction?: MemoryTransaction | undefined;
  waiting?: LockWait | undefined;
  heardMs: number;
  isOpen: boolean;
}

/** A statement that waits for another transaction's lock. */
interface LockWait {
  readonly session: ServerSession;
  readonly lock: string;
  readonly untilMs: number;
  /** Runs the statement again: it settles, or waits again. */
  readonly tryAgain: () => void;
  readonly fail: (error: Error) => void;
  /** Ends the timers of the watch over this wait. */
  readonly over: AbortController;
}

type Work<T> = (transaction: MemoryTransaction) => T;

export interface ServerOptions {
  /** The server's own clock, which runs on while a client is frozen. */
  readonly clock: Clock;
  readonly tables: Tables;
  readonly faultOf: FaultOf;
  readonly onCommit: (session: ServerSession) => void;
}

/** Sessions, transactions, row locks and lock waits, as a database server has them at READ COMMITTED. */
export class Server {
  readonly #options: ServerOptions;
  readonly #locks = new Locks<MemoryTransaction>();
  readonly #sessions = new Set<ServerSession>();
  /** Lock waits in the order in which they began. */
  readonly #line = new Set<LockWait>();

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  open(limits: { readonly silenceMs: number; readonly lockWaitMs: number }): ServerSession {
    const session: ServerSession = { ...limits, about: [], heardMs: this.#now(), isOpen: true };
    this.#sessions.add(session);
    return session;
  }

  begin(session: ServerSession, about: readonly Batch[] = []): void {
    this.#hear(session, 'begin');
    if (session.transaction) throw new Error('a transaction is open already');
    session.transaction = this.#newTransaction();
    session.about = about;
  }

  commit(session: ServerSession): void {
    this.#hear(session, 'commit');
    if (session.transaction) this.#options.onCommit(session);
    session.transaction?.commit();
    this.#endTransaction(session);
  }

  rollback(session: ServerSession): void {
    this.#hear(session, 'rollback');
    this.#abandon(session);
  }

  /** Answers at once, or with a promise if the statement has to wait for a lock. */
  run<T>(session: ServerSession, name: string, work: Work<T>): T | Promise<T> {
    this.#hear(session, name);
    try {
      return this.#attempt(session, work);
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      const untilMs = this.#now() + session.lockWaitMs;
      const answer = new Promise<T>((resolve, reject) =>
        this.#wait(session, { lock: error.lock, untilMs, work, resolve, reject }),
      );
      // The caller may have stopped waiting before it fails.
      answer.catch(() => undefined);
      return answer;
    }
  }

  /** Rolls back the session's open transaction; its client learns of it with its next statement. */
  end(session: ServerSession): void {
    if (!session.isOpen) return;
    session.isOpen = false;
    this.#sessions.delete(session);
    session.waiting?.fail(connectionLost());
    this.#abandon(session);
  }

  endAll(): void {
    for (const session of this.#sessions) this.end(session);
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }

  #newTransaction(): MemoryTransaction {
    return new MemoryTransaction(this.#options.tables, this.#locks);
  }

  #hear(session: ServerSession, name: string): void {
    if (this.#isSilent(session)) this.end(session);
    if (!session.isOpen) throw connectionLost();
    session.heardMs = this.#now();
    const fault = this.#options.faultOf(name);
    if (fault) throw this.#failed(session, fault);
  }

  #failed(session: ServerSession, fault: Fault): Error {
    if (fault === 'connection-lost') {
      this.end(session);
      return connectionLost();
    }
    if (fault === 'deadlock') this.#abandon(session);
    return faultErrors[fault]();
  }

  #abandon(session: ServerSession): void {
    session.transaction?.rollback();
    this.#endTransaction(session);
  }

  /**
   * Outside a transaction the client's pings keep a session alive, and a session that waits is not silent.
   */
  #isSilent({ transaction, waiting, heardMs, silenceMs }: ServerSession): boolean {
    return transaction !== undefined && waiting === undefined && this.#now() >= heardMs + silenceMs;
  }

  #attempt<T>(session: ServerSession, work: Work<T>): T {
    if (session.transaction) return session.transaction.statement(work);
    const alone = this.#newTransaction();
    try {
      const value = alone.statement(work);
      alone.commit();
      return value;
    } catch (error) {
      alone.rollback();
      throw error;
    } finally {
      this.#letOthersTry();
    }
  }

  #endTransaction(session: ServerSession): void {
    session.transaction = undefined;
    session.about = [];
    this.#letOthersTry();
  }

  #letOthersTry(): void {
    for (const waiting of [...this.#line]) {
      if (this.#line.has(waiting) && !this.#locks.holder(waiting.lock)) waiting.tryAgain();
    }
  }

  #wait<T>(session: ServerSession, { lock, untilMs, work, resolve, reject }: BlockedWork<T>): void {
    const leave = (): void => {
      this.#line.delete(waiting);
      session.waiting = undefined;
      session.heardMs = this.#now();
      waiting.over.abort('over');
    };
    const fail = (error: Error): void => {
      leave();
      reject(error);
    };
    const tryAgain = (): void => {
      leave();
      try {
        resolve(this.#attempt(session, work));
      } catch (error) {
        if (!(error instanceof Blocked)) return reject(error);
        this.#wait(session, { lock: error.lock, untilMs, work, resolve, reject });
      }
    };
    const waiting: LockWait = { session, lock, untilMs, tryAgain, fail, over: new AbortController() };
    this.#line.add(waiting);
    session.waiting = waiting;
    if (this.#waitsForItself(waiting)) return this.#breakDeadlock(waiting);
    void this.#watch(waiting);
  }

  /**
   * Runs until the wait has its lock: ends a lock holder that fell silent, and ends the wait itself after its
   * time-out.
   */
  async #watch(waiting: LockWait): Promise<void> {
    while (this.#line.has(waiting)) {
      const holder = this.#holderOf(waiting);
      if (holder && this.#isSilent(holder)) {
        this.end(holder);
        continue;
      }
      if (this.#now() >= waiting.untilMs) return waiting.fail(lockWaitOver());
      const silentMs = holder && !holder.waiting ? holder.heardMs + holder.silenceMs : waiting.untilMs;
      const ms = Math.min(waiting.untilMs, silentMs) - this.#now();
      await this.#options.clock.sleep(ms, waiting.over.signal);
    }
  }

  #holderOf({ lock }: LockWait): ServerSession | undefined {
    const holder = this.#locks.holder(lock);
    for (const session of this.#sessions) if (session.transaction === holder) return session;
    return undefined;
  }

  #waitsForItself(waiting: LockWait): boolean {
    let next = this.#holderOf(waiting);
    while (next?.waiting && next !== waiting.session) next = this.#holderOf(next.waiting);
    return next === waiting.session;
  }

  /** The whole transaction is rolled back, not only the statement. */
  #breakDeadlock({ session, fail }: LockWait): void {
    fail(deadlock());
    this.#abandon(session);
  }
}

interface BlockedWork<T> {
  readonly lock: string;
  readonly untilMs: number;
  readonly work: Work<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}
