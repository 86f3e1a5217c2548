import { variablesIn } from '../database/database-server.ts';
import { loadSql } from '../database/load-sql.ts';
import { type OpenedSession, openSession, type Session, SplitSession } from '../database/session.ts';
import type { SessionLimits } from '../database/session-limits.ts';

const findCluster = loadSql('setup/find-cluster');

/**
 * As many as a process of the API has. With two servers, all ten reach the same one by chance once in five
 * hundred times.
 */
const sessionsOpened = 10;

/** The servers that sessions reach when they are opened at the same time. */
export interface SessionsInspection {
  /** The servers' names for people, each once. */
  readonly servers: readonly string[];
  /** The servers that the statements of a single session reached, if there were several. */
  readonly split?: readonly string[];
  /** All of them are nodes of one Galera cluster. */
  readonly isOneCluster: boolean;
}

/** Undefined when no session can be opened. */
export const inspectSessions = async (
  url: string,
  limits: SessionLimits,
  open: (url: string, limits: SessionLimits) => Promise<OpenedSession> = openSession,
): Promise<SessionsInspection | undefined> => {
  const opened = await Promise.allSettled(Array.from({ length: sessionsOpened }, () => open(url, limits)));
  const sessions = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const [split] = opened.flatMap((each) => (each.status === 'rejected' ? splitIn(each.reason) : []));
  try {
    if (sessions.length === 0 && split === undefined) return undefined;
    const clusters = await Promise.all(sessions.map(clusterOf));
    return {
      servers: [...new Set(sessions.map(({ server }) => server.name))],
      ...(split && { split }),
      isOneCluster: clusters[0] !== undefined && new Set(clusters).size === 1,
    };
  } finally {
    for (const session of sessions) session.end();
  }
};

const splitIn = (error: unknown): readonly (readonly string[])[] => {
  for (let at = error; at instanceof Error; at = at.cause)
    if (at instanceof SplitSession) return [at.servers];
  return [];
};

/**
 * The id of the Galera cluster that the server belongs to; undefined outside a cluster's primary component,
 * because only that one can commit.
 */
export const clusterOf = async (session: Pick<Session, 'rows'>): Promise<string | undefined> => {
  const values = variablesIn(await session.rows(findCluster));
  return values.get('wsrep_cluster_status') === 'Primary'
    ? values.get('wsrep_cluster_state_uuid')
    : undefined;
};
