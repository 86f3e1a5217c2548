import { variablesIn } from '../database/database-server.ts';
import { loadSql } from '../database/load-sql.ts';
import {
  type OpenedSession,
  openSession,
  type Session,
  type SessionLimits,
  SplitSession,
} from '../database/session.ts';

const findCluster = loadSql('setup/find-cluster');

/** As many as a process of the API has. By chance, all of them reach the same one of two servers once in five hundred times. */
const sessionsOpened = 10;

/** The servers that sessions reach when they are opened at the same time. */
export interface SessionsInspection {
  /** As people know them, each once. */
  readonly servers: readonly string[];
  /** The servers that a single session came to, where that were several. */
  readonly split?: readonly string[];
  /** All of them are nodes of one Galera cluster. */
  readonly isOneCluster: boolean;
}

/** Undefined where no session can be opened. */
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

/** Which Galera cluster its server is a node of, if it is of one that can decide anything. */
export const clusterOf = async (session: Pick<Session, 'rows'>): Promise<string | undefined> => {
  const values = variablesIn(await session.rows(findCluster));
  return values.get('wsrep_cluster_status') === 'Primary'
    ? values.get('wsrep_cluster_state_uuid')
    : undefined;
};
