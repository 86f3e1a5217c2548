import { limitOf, type SilenceLimit } from '../../shared/wait-limit.ts';
import { asError } from './database-error.ts';
import { isAtWork, isReadOnlyNow } from './database-server.ts';
import { type DatabaseCheck, openSession, type Session } from './session.ts';
import type { SessionLimits } from './session-limits.ts';
import { type Member, newOpener, type Opener, type OpenSession } from './session-opener.ts';
import { newWaitingLine, type WaitingLine } from './waiting-line.ts';
import { type DatabaseStanding, newWhereabouts, type Trouble, type Whereabouts } from './whereabouts.ts';

export interface SessionsOptions extends Trouble {
  readonly url: string;
  readonly limits: SessionLimits;
  /** The maximum number of open sessions; callers beyond that wait in a queue of `waitersMax`. */
  readonly size: number;
  /** How long a caller waits in that queue before it fails, and closing for borrowed sessions. */
  readonly waitMs: number;
  /** Limits the wait in the queue instead. It hears of each answer. */
  readonly silence?: SilenceLimit;
  readonly waitersMax: number;
  /** Asked in every session before it is lent. When it refuses, all sessions end, and borrowers get the reason until one passes. */
  readonly check?: DatabaseCheck | undefined;
  /** How often to check where the name leads; without it the pool checks only after an error. */
  readonly probe?: ProbeIntervals | undefined;
}

export interface ProbeIntervals {
  /** How often an idle session is asked whether its server takes writes. In trouble a new connection is opened instead. */
  readonly everyMs: number;
  /** How often a new connection is opened, which shows where the name leads now. */
  readonly reconnectMs: number;
}

/** After this long without an answer, the pool asks whether the server still works on the statement. */
const silentMsMax = 2_000;

/** A bounded pool of sessions. The borrower ends a loan: release or destroy. */
export interface Sessions {
  borrow(): Promise<Session>;
  release(session: Session): void;
  destroy(session: Session): void;
  /** Opens a session outside the pool, always a new connection; the caller destroys it. */
  open(): Promise<Session>;
  /** Ends all idle sessions, refuses new borrowers, waits for borrowed ones up to the wait limit. */
  close(): Promise<void>;
}

export interface SessionPool extends Sessions {
  standing(): DatabaseStanding;
  /** Gives up the present server: the next session goes where the name leads by then. */
  leave(why: string): void;
}

class Pool implements SessionPool {
  readonly #options: SessionsOptions;
  readonly #opener: Opener;
  readonly #where: Whereabouts;
  readonly #idle: Member[] = [];
  readonly #members = new Map<Session, Member>();
  readonly #line: WaitingLine<Session>;
  readonly #timers: readonly NodeJS.Timeout[];
  #opening = 0;
  #closed = false;
  #isProbing = false;
  #probedAtMs = performance.now();
  #emptied: () => void = () => undefined;

  constructor(options: SessionsOptions, open: OpenSession) {
    this.#options = options;
    const { limits, probe, silence, waitMs } = options;
    this.#where = newWhereabouts(options);
    this.#line = newWaitingLine({ ...options, limit: silence ?? limitOf(waitMs) });
    this.#opener = newOpener({
      open: (opening) => open({ ...opening, ...(silence && { onAnswer: silence.heard }) }),
      check: options.check,
      where: this.#where,
      isAlone: () => this.#members.size === 0,
      onLeft: () => this.#endIdle(),
      onRefused: (why) => this.#refuse(why),
    });
    // Three pings in the time the server keeps a silent session: one may be late.
    const keepAlive = setInterval(() => this.#pingIdle(), limits.silenceMs / 3);
    const probing = probe && setInterval(() => void this.#probe(probe), probe.everyMs);
    this.#timers = [keepAlive, ...(probing ? [probing] : [])];
    for (const timer of this.#timers) timer.unref();
  }

  async borrow(): Promise<Session> {
    if (this.#closed) throw new Error('the database sessions are closed');
    const refusal = this.#where.refusal();
    if (refusal) throw refusal;
    const idle = this.#idle.pop();
    if (idle) return idle.session;
    if (this.#members.size + this.#opening >= this.#options.size) return this.#line.wait();
    return this.#grow();
  }

  release(session: Session): void {
    const member = this.#members.get(session);
    if (!member) return;
    // It was lent before the pool gave up its server, so its data may be out of date.
    if (this.#closed || member.generation !== this.#where.generation()) return this.#endMember(member);
    if (!this.#line.give(session)) this.#idle.push(member);
  }

  destroy(session: Session): void {
    session.destroy();
    this.#remove(session);
  }

  async open(): Promise<Session> {
    return (await this.#opener.anywhere()).session;
  }

  standing(): DatabaseStanding {
    return this.#where.standing();
  }

  leave(why: string): void {
    this.#opener.leave(why, this.#where.generation());
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#line.failAll(new Error('the database sessions are closed'));
    this.#endIdle();
    if (this.#members.size === 0) return;
    let limit: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
      limit = setTimeout(resolve, this.#options.waitMs);
    });
    clearTimeout(limit);
    for (const session of this.#members.keys()) this.destroy(session);
  }

  async #grow(): Promise<Session> {
    this.#opening += 1;
    try {
      const member = await this.#opener.here();
      const { session } = member;
      this.#members.set(session, member);
      void session.gone.then(() => this.#remove(session));
      return session;
    } catch (error) {
      // No session is left that could be released to the waiting callers, so they get the reason.
      if (this.#members.size === 0) this.#line.failAll(asError(error));
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  #refuse(why: Error): void {
    this.#endIdle();
    this.#line.failAll(why);
  }

  #endIdle(): void {
    for (const member of this.#idle.splice(0)) this.#endMember(member);
  }

  #endMember({ session }: Member): void {
    session.end();
    this.#remove(session);
  }

  #remove(session: Session): void {
    const member = this.#members.get(session);
    if (!member) return;
    this.#members.delete(session);
    const at = this.#idle.indexOf(member);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#members.size === 0) this.#emptied();
    this.#growForLine();
  }

  /** After a failed opening, nothing else would open a session for waiting callers while the others are lent for long. */
  #growForLine(): void {
    if (this.#line.isEmpty() || this.#closed) return;
    if (this.#members.size + this.#opening >= this.#options.size) return;
    this.#grow().then(
      (grown) => this.release(grown),
      () => undefined,
    );
  }

  #pingIdle(): void {
    for (const { session } of this.#idle.splice(0))
      this.#withinConnectLimit(session, session.ping()).then(
        () => this.release(session),
        () => this.destroy(session),
      );
  }

  /** Waits for an answer no longer than for a connection, then destroys the session. */
  #withinConnectLimit<T>(session: Member['session'], answer: Promise<T>): Promise<T> {
    const limit = setTimeout(() => this.destroy(session), this.#options.limits.connectMs);
    return answer.finally(() => clearTimeout(limit));
  }

  async #probe({ reconnectMs }: ProbeIntervals): Promise<void> {
    if (this.#isProbing || this.#closed) return;
    this.#isProbing = true;
    const nowMs = performance.now();
    const silent = [...this.#members.values()].filter(({ session }) => session.silentMs() >= silentMsMax);
    const isDue = silent.length > 0 || this.#where.isTroubled() || nowMs - this.#probedAtMs >= reconnectMs;
    if (isDue) this.#probedAtMs = nowMs;
    // A borrower would get the same error and report it.
    await (isDue ? this.#probeNewConnection(silent) : this.#probeIdle()).catch(() => undefined);
    this.#growForLine();
    this.#isProbing = false;
  }

  /**
   * A host that lost its power or its network closes no connection: statements there would stay open until their time limit.
   * The server that the name leads to now knows whether it is working on them.
   */
  async #probeNewConnection(silent: readonly Member[]): Promise<void> {
    const { session, generation } = await this.#opener.here();
    try {
      for (const member of silent) {
        const isThere =
          member.generation === generation &&
          (await this.#withinConnectLimit(session, isAtWork(session, member.session.threadId)));
        if (!isThere && member.session.silentMs() >= silentMsMax) this.destroy(member.session);
      }
    } finally {
      session.end();
    }
  }

  async #probeIdle(): Promise<void> {
    const member = this.#idle.pop();
    if (!member) return;
    const { session, generation } = member;
    try {
      if (await this.#withinConnectLimit(session, isReadOnlyNow(session)))
        this.#opener.leave(`${session.server.name} is read-only now`, generation);
      this.release(session);
    } catch {
      this.destroy(session);
    }
  }
}

export const newSessions = (
  options: SessionsOptions,
  open: OpenSession = (opening) => openSession(options.url, options.limits, opening),
): SessionPool => new Pool(options, open);
