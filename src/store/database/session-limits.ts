/** The limits of a session, ms. The server gets them too, so that it ends a session whose client froze. */
export interface SessionLimits {
  readonly connectMs: number;
  readonly queryMs: number;
  /** How long the server keeps a silent session, inside a transaction too. Whole seconds count. */
  readonly silenceMs: number;
  readonly lockWaitMs: number;
}

const CONNECT_MS = 2_500;
const API_QUERY_MS = 5_000;
const API_SILENCE_MS = 60_000;
const PROJECTOR_QUERY_MS = 15_000;
const LOCK_WAIT_MS = 1_000;

export interface SessionUse {
  /** The server ends a projector's sessions soon after their process froze. An API's hold no locks and may last longer. */
  readonly role: 'projector' | 'api';
  readonly leaseTtlMs: number;
}

export const sessionLimits = ({ role, leaseTtlMs }: SessionUse): SessionLimits => {
  const common = { connectMs: CONNECT_MS, lockWaitMs: LOCK_WAIT_MS };
  return role === 'projector'
    ? { ...common, queryMs: PROJECTOR_QUERY_MS, silenceMs: leaseTtlMs }
    : { ...common, queryMs: API_QUERY_MS, silenceMs: API_SILENCE_MS };
};

const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/** The statement that gives a session its settings and limits. */
export const settingsOf = ({ queryMs, silenceMs, lockWaitMs }: SessionLimits): string => {
  const silence = wholeSeconds(silenceMs);
  const lockWait = wholeSeconds(lockWaitMs);
  const settings = [
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "time_zone = '+00:00'",
    'autocommit = 1',
    `innodb_lock_wait_timeout = ${lockWait}`,
    `wait_timeout = ${silence}`,
    // wait_timeout does not cover a client that froze in the middle of a packet: these two end it.
    `net_read_timeout = ${silence}`,
    `net_write_timeout = ${silence}`,
  ];
  return `${settings.join(', ')}${statementLimit(queryMs)}`;
};

/** The server's limit is a share of ours, so that it ends the statement first: the session stays usable and the error says why. */
const SHARE_OF_SERVER = 0.9;

/**
 * Makes the server end a statement that its client no longer waits for. MariaDB and MySQL have different variables for that;
 * each treats the other's as a comment. MySQL ends only SELECT statements.
 */
const statementLimit = (queryMs: number): string => {
  const ms = Math.ceil(queryMs * SHARE_OF_SERVER);
  return ` /*M!100101 , max_statement_time = ${ms / 1_000} */ /*!80000 , max_execution_time = ${ms} */`;
};
