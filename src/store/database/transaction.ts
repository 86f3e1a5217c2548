import { isRolledBack, serverErrorOf } from './database-error.ts';
import type { Session } from './session.ts';
import { newSessions, type SessionPool, type Sessions, type SessionsOptions } from './session-pool.ts';

/** How the work of a transaction ends it. */
export interface Ending<T> {
  readonly end: 'commit' | 'rollback';
  readonly value: T;
}

/** COMMIT was sent, and the server confirmed neither the commit nor a rollback: it may have been applied. */
export class CommitUnknown extends Error {}

/**
 * Runs the work in one transaction of a session of its own. Throws the error of the work, after a rollback;
 * the error of COMMIT, if it means that everything was rolled back; and CommitUnknown, if COMMIT failed in
 * any other way. After a failed BEGIN, COMMIT or ROLLBACK the state of the session is not known, so it is
 * destroyed and never lent again.
 */
export const inTransaction = <T>(
  sessions: Sessions,
  work: (session: Session) => Promise<Ending<T>>,
): Promise<T> => begun(sessions, ['START TRANSACTION'], work);

/**
 * Sessions are READ COMMITTED, where every statement reads a snapshot of its own. These statements change the
 * next transaction only.
 */
export const beginSnapshot = [
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
] as const;

/** Reads the database as it is at the beginning, whatever is committed meanwhile. It takes no locks and delays no other transaction. */
export const inSnapshot = <T>(sessions: Sessions, look: (session: Session) => Promise<T>): Promise<T> =>
  begun(sessions, beginSnapshot, async (session) => ({ end: 'rollback', value: await look(session) }));

const begun = async <T>(
  sessions: Sessions,
  beginning: readonly string[],
  work: (session: Session) => Promise<Ending<T>>,
): Promise<T> => {
  const session = await sessions.borrow();
  for (const sql of beginning) await sure(sessions, session, sql);
  let ending: Ending<T>;
  try {
    ending = await work(session);
  } catch (error) {
    await giveUp(sessions, session, error);
    throw error;
  }
  if (ending.end === 'rollback') await giveUp(sessions, session);
  else await commit(sessions, session);
  return ending.value;
};

/** Runs work that needs no transaction. */
export const withSession = async <T>(
  sessions: Sessions,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const session = await sessions.borrow();
  try {
    const value = await work(session);
    sessions.release(session);
    return value;
  } catch (error) {
    // After an error that the server reported, the session can still be used.
    if (serverErrorOf(error)) sessions.release(session);
    else sessions.destroy(session);
    throw error;
  }
};

const sure = async (sessions: Sessions, session: Session, sql: string): Promise<void> => {
  try {
    await session.run(sql);
  } catch (error) {
    sessions.destroy(session);
    throw error;
  }
};

const commit = async (sessions: Sessions, session: Session): Promise<void> => {
  try {
    await sure(sessions, session, 'COMMIT');
  } catch (error) {
    if (isRolledBack(error)) throw error;
    throw new CommitUnknown('the commit was sent, but whether it was applied is not known', { cause: error });
  }
  sessions.release(session);
};

/** Never throws: the caller must get the error that caused the rollback, and no other. */
const giveUp = async (sessions: Sessions, session: Session, error?: unknown): Promise<void> => {
  const spoken = error === undefined || serverErrorOf(error) !== undefined;
  if (!spoken) return sessions.destroy(session);
  try {
    await sure(sessions, session, 'ROLLBACK');
    sessions.release(session);
  } catch {
    // The session is destroyed, so the server rolls the transaction back.
  }
};

/** A pool with a session that works. Throws within about three seconds, with one line that names the database, when there is none. */
export const openSessions = async (options: SessionsOptions): Promise<SessionPool> => {
  const sessions = newSessions(options);
  try {
    sessions.release(await sessions.borrow());
  } catch (error) {
    await sessions.close();
    throw error;
  }
  return sessions;
};
