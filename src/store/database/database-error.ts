/** What a database error means for the transaction it happened in. */
export type Failure =
  /** Another transaction was in conflict with this one; another try may well succeed. */
  | 'conflict'
  /** A unique key exists already. */
  | 'duplicate'
  /** The data will never be accepted. */
  | 'refused'
  /** Anything else: the connection, the disk, the server. */
  | 'unavailable';

interface ServerError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/** Lock wait, deadlock, MariaDB's "record has changed since last read", and a failed certification in a group of servers (MySQL). */
const conflicts: ReadonlySet<number> = new Set([1205, 1213, 1020, 3101]);

/**
 * SQLSTATEs that mean that the server has rolled the whole transaction back, whatever the statement was, COMMIT included. 40003
 * is of the same class and means that the outcome is unknown.
 */
const rolledBack: ReadonlySet<string> = new Set(['40000', '40001']);

/**
 * Refusals outside SQLSTATE 22 and 23: a CHECK (MySQL 3819, MariaDB 4025), text the column's character set does not
 * have (1366), JSON that does not parse (MariaDB 4037 and 4038: one lone surrogate), more than max_allowed_packet.
 */
const refusals: ReadonlySet<number> = new Set([3819, 4025, 1366, 4037, 4038, 1153]);

/**
 * Errors of a server that takes no writes, or is no longer the one to use, while its connections stay open: a read-only one
 * (1290, 1792, 1836, 1874, 1881, 1036), a member of a group or cluster that lost the others (3098, 3100; 1047), one that shuts
 * down, went offline or ends connections (1053, 3032, 3168; 1927, 3169).
 */
const otherSide: ReadonlySet<number> = new Set([
  1290, 1792, 1836, 1874, 1881, 1036, 3098, 3100, 1047, 1053, 3032, 3168, 1927, 3169,
]);

/** Whether the error means that writes have to go to another server. */
export const isOtherSide = (error: unknown): boolean => otherSide.has(serverErrorOf(error)?.errno ?? 0);

/** The limits of our sessions: MariaDB's max_statement_time and MySQL's max_execution_time. */
const overTime: ReadonlySet<number> = new Set([1969, 3024]);

/** Whether the server ended a statement that took too long. Another try would take as long. */
export const tookTooLong = (error: unknown): boolean => overTime.has(serverErrorOf(error)?.errno ?? 0);

/** The server's own error, also where a library wrapped it; undefined when the error is not the server's. */
export const serverErrorOf = (error: unknown): ServerError | undefined => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('errno' in at && 'sqlState' in at && typeof at.errno === 'number' && typeof at.sqlState === 'string')
      return { errno: at.errno, sqlState: at.sqlState, message: at.message };
  }
  return undefined;
};

/**
 * Whether the server reports that the transaction is certainly not applied. In Galera and Group Replication this may also be the
 * answer to COMMIT, because the other servers are asked then: one of them has committed a transaction in conflict with it.
 */
export const isRolledBack = (error: unknown): boolean => rolledBack.has(serverErrorOf(error)?.sqlState ?? '');

/** We refuse the data, because of what the database answered. */
export class DataRefused extends Error {}

/** The unique key that an error 1062 names. MySQL puts the table before it, MariaDB does not. */
export const brokenKeyOf = (error: unknown): string | undefined =>
  /for key '(?:[^'.]*\.)?([^']+)'/.exec(serverErrorOf(error)?.message ?? '')?.[1];

export const failureOf = (error: unknown): Failure => {
  if (error instanceof DataRefused) return 'refused';
  const server = serverErrorOf(error);
  if (!server) return 'unavailable';
  if (conflicts.has(server.errno)) return 'conflict';
  if (server.errno === 1062) return 'duplicate';
  return refusals.has(server.errno) || /^2[23]/.test(server.sqlState) ? 'refused' : 'unavailable';
};

export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
