import type { Batch } from '../../../src/store/contract.ts';
import { rowValuesIn } from '../../../src/store/database/insert-text.ts';
import type { Session } from '../../../src/store/database/session.ts';
import type { Sessions } from '../../../src/store/database/session-pool.ts';
import { type Wire, WireCut } from '../wire.ts';
import type { Server, ServerSession } from './server.ts';
import { changeOf, lookOf, queryOf } from './statements.ts';

interface SessionLimits {
  readonly silenceMs: number;
  readonly lockWaitMs: number;
}

export interface MemorySessionsOptions {
  readonly server: Server;
  readonly wire: Wire;
  readonly limits: SessionLimits;
}

export interface MemorySessions extends Sessions {
  /** The same sessions; the server learns that their transactions are about these batches. */
  about(batches: readonly Batch[]): Sessions;
  /** The process has died: its kernel closes its open connections. */
  hangUp(): void;
}

const never = new Promise<void>(() => undefined);

/** The client's side of a connection: everything it sends goes over the wire. */
class MemorySession implements Session {
  readonly gone = never;
  /** There is always the one server. */
  readonly home = 'memory';
  about: readonly Batch[] = [];
  readonly #options: MemorySessionsOptions;
  readonly #there: ServerSession;
  readonly #connection: number;
  #isDestroyed = false;

  constructor(options: MemorySessionsOptions, there: ServerSession) {
    this.#options = options;
    this.#there = there;
    this.#connection = options.wire.connection();
  }

  /** Whether the session may be lent again. */
  get isUsable(): boolean {
    return !this.#isDestroyed && this.#there.isOpen && this.#connection === this.#options.wire.connection();
  }

  rows: Session['rows'] = (sql, values = []) => {
    const { name, work } = lookOf(sql);
    return this.#ask(name, () =>
      this.#options.server.run(this.#there, name, (transaction) => work(transaction, values)),
    );
  };

  arrays: Session['arrays'] = async (sql, values) => {
    const { name, work, columns } = queryOf(sql);
    const rows = await this.#ask(name, () =>
      this.#options.server.run(this.#there, name, (transaction) => work(transaction, values)),
    );
    return rows.map((row) => columns.map((column) => row[column] ?? null));
  };

  change: Session['change'] = (sql, values = []) => {
    const { name, work } = changeOf(sql);
    return this.#ask(name, () =>
      this.#options.server.run(this.#there, name, (transaction) => work(transaction, values)),
    );
  };

  insert: Session['insert'] = (sql, rows) => this.change(sql, [JSON.stringify(rowValuesIn(rows))]);

  run: Session['run'] = (sql) => {
    const { server } = this.#options;
    switch (sql) {
      case 'START TRANSACTION':
        return this.#ask('begin', () => server.begin(this.#there, this.about));
      case 'COMMIT':
        return this.#ask('commit', () => server.commit(this.#there));
      case 'ROLLBACK':
        return this.#ask('rollback', () => server.rollback(this.#there));
      default:
        throw new Error(`the server in memory does not know how to ${sql}`);
    }
  };

  ping = (): Promise<void> =>
    this.#ask('ping', () => this.#options.server.run(this.#there, 'ping', () => undefined));

  /**
   * The server learns of it unless that message is lost too; then it ends the session after its silence
   * time-out.
   */
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    const { server, wire } = this.#options;
    wire.ask('sql close', () => server.end(this.#there)).catch(() => undefined);
  }

  async #ask<T>(what: string, effect: () => T | Promise<T>): Promise<T> {
    if (this.#isDestroyed || this.#connection !== this.#options.wire.connection())
      throw new WireCut(`sql ${what}`, { sent: false });
    return this.#options.wire.ask(`sql ${what}`, effect);
  }
}

/** Sessions of one process, as many as it needs: the size of the pool is not simulated. */
export const newMemorySessions = (options: MemorySessionsOptions): MemorySessions => {
  const { server, wire, limits } = options;
  const opened = new Set<ServerSession>();
  const open = async (): Promise<MemorySession> => {
    const there = await wire.ask('sql connect', () => {
      const session = server.open(limits);
      opened.add(session);
      return session;
    });
    return new MemorySession(options, there);
  };
  const lent = new Map<Session, MemorySession>();
  let idle: MemorySession[] = [];

  const lend = (session: MemorySession): MemorySession => {
    lent.set(session, session);
    return session;
  };
  const borrow = async (): Promise<MemorySession> => {
    idle = idle.filter(({ isUsable }) => isUsable);
    return lend(idle.pop() ?? (await open()));
  };
  const sessions: Sessions = {
    borrow,
    release: (session) => {
      const known = lent.get(session);
      lent.delete(session);
      if (!known) return;
      known.about = [];
      idle.push(known);
    },
    destroy: (session) => {
      lent.delete(session);
      session.destroy();
    },
    open,
    close: async () => {
      for (const session of idle.splice(0)) session.destroy();
    },
  };
  return {
    ...sessions,
    about: (batches) => ({
      ...sessions,
      borrow: async () => {
        const session = await borrow();
        session.about = batches;
        return session;
      },
    }),
    hangUp: () => {
      for (const there of opened) server.end(there);
      opened.clear();
    },
  };
};
