import type { Row } from '../../src/store/database/columns.ts';
import {
  DatabaseRefused,
  type OpenedSession,
  type SessionOpening,
} from '../../src/store/database/session.ts';
import {
  newSessions,
  type SessionPool,
  type SessionsOptions,
} from '../../src/store/database/session-pool.ts';

/** A server that sessions can be on. A test may change its state while they are. */
export interface NamedServer {
  readonly name: string;
  isReadOnly: boolean;
  /** Statements sent from now on get no answer, for longer than any caller waits. */
  isSilent: boolean;
  /** Connections on which the server still executes a statement, whether it is silent or not. */
  readonly atWork: Set<string>;
  /** The error that answers writes. A read-only server has one of its own, unless this is set. */
  refusal: Error | undefined;
  /** The sessions that are open on the server. */
  readonly open: Set<OpenedSession>;
}

/** Several servers with one name; the test chooses where it leads. */
export interface NamedServers {
  readonly add: (name: string) => NamedServer;
  /** New connections go to these servers in turn. */
  leadTo: (...servers: readonly NamedServer[]) => void;
  /** The number of connections made. */
  readonly connections: () => number;
  readonly pool: (changes?: Partial<SessionsOptions>) => SessionPool;
}

const refusedWrite = (): Error =>
  Object.assign(new Error('running with the --read-only option'), { errno: 1290, sqlState: 'HY000' });

export const newNamedServers = (): NamedServers => {
  let leads: readonly NamedServer[] = [];
  let connections = 0;
  const open = async ({ generation, check, onError }: SessionOpening): Promise<OpenedSession> => {
    const server = leads[connections % leads.length];
    connections += 1;
    if (server === undefined) throw new Error('connect ECONNREFUSED');
    const session = sessionOn(server, {
      generation: generation ?? 0,
      threadId: String(connections),
      onError,
    });
    const refusal = await check?.(session);
    if (refusal === undefined) return session;
    session.destroy();
    throw new DatabaseRefused(refusal);
  };
  return {
    add: (name) => ({
      name,
      isReadOnly: false,
      isSilent: false,
      atWork: new Set(),
      refusal: undefined,
      open: new Set(),
    }),
    leadTo: (...servers) => {
      leads = servers;
    },
    connections: () => connections,
    pool: (changes) =>
      newSessions(
        {
          url: 'mysql://nobody@nowhere/onsale',
          limits: { connectMs: 1_000, queryMs: 1_000, silenceMs: 60_000, lockWaitMs: 1_000 },
          size: 4,
          waitMs: 300,
          waitersMax: 10,
          ...changes,
        },
        open,
      ),
  };
};

interface Opening {
  readonly generation: number;
  readonly threadId: string;
  readonly onError: SessionOpening['onError'];
}

const sessionOn = (server: NamedServer, { generation, threadId, onError }: Opening): OpenedSession => {
  let leave: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const end = (): void => {
    server.open.delete(session);
    leave();
  };
  let isAsked = false;
  const silence = (): Promise<never> => {
    isAsked = true;
    return gone.then(() => {
      throw new Error('the session was given up');
    });
  };
  const { name } = server;
  const session: OpenedSession = {
    threadId,
    silentMs: () => (isAsked ? 60_000 : 0),
    rows: async (sql, values = []): Promise<readonly Row[]> =>
      sql.includes('processlist')
        ? values.map((id) => ({
            id: String(id),
            command: server.atWork.has(String(id)) ? 'Execute' : 'Sleep',
          }))
        : [{ read_only: server.isReadOnly ? '1' : '0' }],
    arrays: async () => [],
    change: async () => {
      if (server.isSilent) return await silence();
      const error = server.refusal ?? (server.isReadOnly ? refusedWrite() : undefined);
      if (error === undefined) return 1;
      onError?.(error);
      throw error;
    },
    insert: async () => 1,
    run: async () => undefined,
    ping: async () => undefined,
    destroy: end,
    end,
    gone,
    home: `${name}, generation ${generation}`,
    server: { name, id: name, isReadOnly: server.isReadOnly },
  };
  server.open.add(session);
  return session;
};
