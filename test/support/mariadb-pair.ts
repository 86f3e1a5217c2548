import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type OwnServer, startOwnMariadb } from './servers.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A server that takes writes, a replica of it, and the name that leads to one of them. */
export interface MariadbPair {
  /** Where the processes find the one that takes writes. */
  readonly proxy: TcpProxy;
  readonly primary: () => OwnServer;
  readonly replica: () => OwnServer;
  /**
   * A planned change of side: the primary becomes read-only, the replica catches up and takes writes, the name leads to it.
   * Nothing is cut, and the old one stays; it follows the new one unless that is left out.
   */
  readonly changeSides: (options?: { readonly isFollowed?: boolean }) => Promise<void>;
  /** The same in pieces. */
  readonly setReadOnly: (server: OwnServer, isReadOnly: boolean) => Promise<void>;
  readonly untilCaughtUp: () => Promise<void>;
  readonly promote: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const caughtUpMs = 30_000;

const settingsOf = (id: number) => ({
  'skip-log-bin': 'OFF',
  'log-bin': 'bin',
  'binlog-format': 'ROW',
  'sync-binlog': '1',
  'server-id': String(id),
});

/** Asks one server on a connection of its own. */
export const askMariadb = async (
  { url }: Pick<OwnServer, 'url'>,
  sql: string,
): Promise<readonly RowDataPacket[]> => {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
};

/** Sessions of our roles, on whichever side they stayed. */
export const sessionsOn = async (server: OwnServer): Promise<number> => {
  const [row] = await askMariadb(
    server,
    "SELECT COUNT(*) AS sessions FROM information_schema.processlist WHERE user LIKE 'onsale-%'",
  );
  return Number(row?.['sessions']);
};

const follow = async (replica: OwnServer, primary: OwnServer, from: string): Promise<void> => {
  await askMariadb(replica, `SET GLOBAL gtid_slave_pos = '${from}'`);
  await askMariadb(
    replica,
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${primary.port}, MASTER_USER = 'onsale', ` +
      "MASTER_PASSWORD = 'onsale', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1",
  );
  await askMariadb(replica, 'START SLAVE');
};

const positionOf = async (server: OwnServer): Promise<string> => {
  const [row] = await askMariadb(server, 'SELECT @@gtid_current_pos AS position');
  return String(row?.['position']);
};

const setReadOnly = async (server: OwnServer, isReadOnly: boolean): Promise<void> => {
  await askMariadb(server, `SET GLOBAL read_only = ${isReadOnly ? 1 : 0}`);
};

export const startMariadbPair = async (): Promise<MariadbPair> => {
  const start = (id: number): Promise<OwnServer> => startOwnMariadb({ settings: settingsOf(id) });
  let [primary, replica] = await Promise.all([start(1), start(2)]);
  const proxy = await startTcpProxy(primary.url);
  await askMariadb(replica, 'RESET MASTER');
  await follow(replica, primary, '');
  await setReadOnly(replica, true);
  const untilCaughtUp = async (): Promise<void> => {
    const position = await positionOf(primary);
    const isThere = async (): Promise<boolean> => {
      const [row] = await askMariadb(replica, `SELECT MASTER_GTID_WAIT('${position}', 1) AS late`);
      return Number(row?.['late']) === 0;
    };
    if (await waitUntil(isThere, { limitMs: caughtUpMs })) return;
    throw new Error(`the replica had not caught up within ${caughtUpMs} ms`);
  };
  const promote = async (): Promise<void> => {
    await askMariadb(replica, 'STOP SLAVE');
    await askMariadb(replica, 'RESET SLAVE ALL');
    await setReadOnly(replica, false);
    [primary, replica] = [replica, primary];
  };
  await untilCaughtUp();
  return {
    proxy,
    primary: () => primary,
    replica: () => replica,
    setReadOnly,
    untilCaughtUp,
    promote,
    changeSides: async ({ isFollowed = true } = {}) => {
      await setReadOnly(primary, true);
      await untilCaughtUp();
      const position = await positionOf(primary);
      await promote();
      proxy.pointTo(primary.port);
      if (isFollowed) await follow(replica, primary, position);
    },
    remove: async () => {
      await proxy.close();
      await Promise.all([primary.remove(), replica.remove()]);
    },
  };
};
