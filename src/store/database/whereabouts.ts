import type { Logger } from '../../domain/ports.ts';
import type { DatabaseServer } from './database-server.ts';

/** Where the sessions of a pool are, and what can be done there. */
export interface DatabaseStanding {
  /** The server's name for people; absent while it is not known. */
  readonly server?: string;
  /** Nothing can be committed: the name in the URL leads to a server that takes no writes. */
  readonly isReadOnly: boolean;
  /** How often the pool has given up all its sessions. */
  readonly generation: number;
  /** Why no session is lent. */
  readonly refusal?: string;
}

export interface Trouble {
  readonly logger?: Logger | undefined;
  /** Called when commits are possible again after they were not. */
  readonly onBack?: (() => void) | undefined;
}

export interface Whereabouts {
  readonly generation: () => number;
  readonly refusal: () => Error | undefined;
  readonly standing: () => DatabaseStanding;
  /** Whether a session on this server is on the same one as the others; true while there are no others. */
  readonly isHere: (server: DatabaseServer) => boolean;
  /** Whether something is known to be wrong, so that the pool should check where the name leads. */
  readonly isTroubled: () => boolean;
  /** A session was opened here. */
  readonly arrived: (server: DatabaseServer) => void;
  /** No session could be opened. */
  readonly failed: () => void;
  /** The server was given up. */
  readonly left: (why: string) => void;
  readonly refused: (why: Error) => void;
}

/** A server may be suspected with every statement; the log says so only as often as people can read it. */
const logEveryMs = 5_000;

/** What is known of the server that the name in the URL leads to. All sessions of one generation are on one server. */
export const newWhereabouts = ({ logger, onBack }: Trouble): Whereabouts => {
  let generation = 0;
  let server: DatabaseServer | undefined;
  let refusal: Error | undefined;
  let trouble: 'away' | 'suspect' | 'read-only' | 'refused' | undefined;
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  /** Whether this trouble was logged for people, so that its end must be logged too. */
  let isReported = false;

  const log = (level: 'debug' | 'info' | 'warn' | 'error', message: string): void =>
    logger?.[level]({ generation }, message);
  const leave = (): void => {
    generation += 1;
    server = undefined;
  };
  const back = ({ name }: DatabaseServer): void => {
    if (trouble === undefined) return;
    if (isReported) log('info', `MySQL: on ${name}, which takes writes`);
    trouble = undefined;
    isReported = false;
    onBack?.();
  };
  const inReading = ({ name }: DatabaseServer): void => {
    if (trouble === 'read-only') return;
    trouble = 'read-only';
    isReported = true;
    log('warn', readOnlyText(name));
  };
  return {
    generation: () => generation,
    refusal: () => refusal,
    standing: () => ({
      ...(server && { server: server.name }),
      isReadOnly: server?.isReadOnly ?? false,
      generation,
      ...(refusal && { refusal: refusal.message }),
    }),
    isHere: ({ id }) => server === undefined || server.id === id,
    isTroubled: () => trouble !== undefined,
    arrived: (there) => {
      server = there;
      refusal = undefined;
      if (there.isReadOnly) inReading(there);
      else back(there);
    },
    failed: () => {
      trouble ??= 'away';
    },
    left: (why) => {
      leave();
      const nowMs = performance.now();
      const isNews = !isReported && nowMs - loggedAtMs >= logEveryMs;
      if (isNews) loggedAtMs = nowMs;
      isReported ||= isNews;
      trouble = 'suspect';
      const what = `MySQL: all sessions are given up, the next go where DATABASE_URL leads: ${why}`;
      log(isNews ? 'warn' : 'debug', what);
    },
    refused: (why) => {
      const isNews = refusal?.message !== why.message;
      leave();
      refusal = why;
      trouble = 'refused';
      isReported = true;
      if (isNews) log('error', why.message);
    },
  };
};

/** What to do about a server that takes no writes, for logs, readiness and tools alike. */
export const readOnlyText = (server: string): string =>
  `MySQL is read-only on ${server}: nothing can be decided there, requests wait and reads go on; ` +
  'set read_only=0 there, or let the name in DATABASE_URL lead to the server that takes writes';
