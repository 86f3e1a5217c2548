import { loadSql } from '../database/load-sql.ts';
import { type OpenedSession, openSession, type Session } from '../database/session.ts';
import type { SessionLimits } from '../database/session-limits.ts';
import type { OpenSession } from '../database/session-opener.ts';
import { readStandings, type Standings } from '../pair/standings.ts';
import { schemaFault } from '../setup/check-schema.ts';

const findReadable = loadSql('replica/find-readable');

/**
 * Shorter than the primary's limits: a read that the replica does not answer in time goes to the primary
 * then.
 */
export const replicaLimits: SessionLimits = {
  connectMs: 2_000,
  queryMs: 2_000,
  silenceMs: 60_000,
  lockWaitMs: 1_000,
};

/**
 * Opens sessions that cannot write by mistake, whatever privileges the user has. A server that takes no
 * writes is not a fault here.
 */
export const openForReading =
  (url: string): OpenSession =>
  async (opening): Promise<OpenedSession> => {
    const session = await openSession(url, replicaLimits, opening);
    try {
      await session.run('SET SESSION TRANSACTION READ ONLY');
    } catch (error) {
      session.destroy();
      throw error;
    }
    return { ...session, server: { ...session.server, isReadOnly: false } };
  };

/**
 * Reads the standings of a server, once it is sure that this build can read there. The schema and the user's
 * privileges are checked once per server.
 */
export const newReplicaSampler = (): ((session: Session) => Promise<Standings>) => {
  let askedAt: string | undefined;
  return async (session) => {
    const standings = await readStandings(session);
    if (standings.pairId !== undefined && askedAt !== session.home) {
      const fault = await schemaFault(session);
      if (fault !== undefined) throw new Error(`on the replica the ${fault}, or wait until it has that`);
      await session.rows(findReadable);
      askedAt = session.home;
    }
    return standings;
  };
};
