import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Owned } from '../chaos/owned.ts';
import { askMariadb } from '../support/mariadb-pair.ts';
import { type OwnServer, startOwnMariadb } from '../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** A MariaDB that takes writes, one that follows it by GTID, and the name that leads to the first. */
export interface GtidPair {
  readonly primary: () => OwnServer;
  readonly replica: () => OwnServer;
  /** What processes have as DATABASE_URL. */
  readonly name: TcpProxy;
  /** The same for those who watch. */
  readonly watchers: TcpProxy;
  /** The name leads to the primary from now on; whoever is connected elsewhere is cut off only where that is said. */
  readonly lead: (connections: 'stay' | 'cut') => void;
  /** The replica applies what it has received, and takes writes; the other is no primary any more. */
  readonly promote: () => Promise<void>;
  readonly untilCaughtUp: () => Promise<void>;
  /** The former primary follows the new one. */
  readonly followBack: () => Promise<void>;
  /** In place of the former primary, a server without any data follows the new one from the beginning of its log. */
  readonly replaceReplica: () => Promise<void>;
}

const patienceMs = 60_000;

/** As docs/operating/mariadb-replication.md has it. */
const settingsOf = (id: number) => ({
  'server-id': String(id),
  'skip-log-bin': 'OFF',
  'log-bin': 'bin',
  'binlog-format': 'ROW',
  'sync-binlog': '1',
  'log-slave-updates': 'ON',
  'gtid-strict-mode': 'ON',
  'read-only': 'ON',
  'rpl-semi-sync-slave-enabled': 'ON',
  'rpl-semi-sync-master-wait-point': 'AFTER_SYNC',
  'innodb-buffer-pool-size': '64M',
});

export const startGtidPair = async (owned: Owned): Promise<GtidPair> => {
  let ids = 0;
  const start = (): Promise<OwnServer> => {
    ids += 1;
    return owned.own(startOwnMariadb({ settings: settingsOf(ids) }), (server) => server.remove());
  };
  let primary = await start();
  let replica = await start();
  const proxy = (): Promise<TcpProxy> => owned.own(startTcpProxy(primary.url), (it) => it.close());
  const [name, watchers] = [await proxy(), await proxy()];
  await askMariadb(primary, 'SET GLOBAL read_only = 0');
  await followFromBeginning(replica, primary);
  const untilCaughtUp = async (): Promise<void> => untilAt(replica, await positionOf(primary));
  await untilCaughtUp();
  return {
    primary: () => primary,
    replica: () => replica,
    name,
    watchers,
    lead: (connections) => {
      for (const each of [name, watchers]) each.pointTo(primary.port);
      watchers.cut();
      if (connections === 'cut') name.cut();
    },
    promote: async () => {
      await untilApplied(replica);
      await askMariadb(replica, 'STOP SLAVE');
      await askMariadb(replica, 'RESET SLAVE ALL');
      await askMariadb(replica, 'SET GLOBAL read_only = 0');
      [primary, replica] = [replica, primary];
    },
    untilCaughtUp,
    followBack: async () => {
      await askMariadb(replica, `SET GLOBAL gtid_slave_pos = '${await positionOf(replica)}'`);
      await follow(replica, primary);
      await untilCaughtUp();
    },
    replaceReplica: async () => {
      replica = await start();
      await followFromBeginning(replica, primary);
      await untilCaughtUp();
    },
  };
};

/** What it wrote by itself, its users, comes from the primary as well. */
const followFromBeginning = async (replica: OwnServer, primary: OwnServer): Promise<void> => {
  await askMariadb(replica, 'RESET MASTER');
  await askMariadb(replica, "SET GLOBAL gtid_slave_pos = ''");
  await follow(replica, primary);
};

const follow = async (replica: OwnServer, primary: OwnServer): Promise<void> => {
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

/** Nothing more is received, and what was is applied. */
const untilApplied = async (replica: OwnServer): Promise<void> => {
  await askMariadb(replica, 'STOP SLAVE IO_THREAD');
  const [status] = await askMariadb(replica, 'SHOW SLAVE STATUS');
  await untilAt(replica, String(status?.['Gtid_IO_Pos']));
};

const untilAt = async (replica: OwnServer, position: string): Promise<void> => {
  const isThere = async (): Promise<boolean> => {
    const [row] = await askMariadb(replica, `SELECT MASTER_GTID_WAIT('${position}', 1) AS late`);
    return Number(row?.['late']) === 0;
  };
  if (await waitUntil(isThere, { limitMs: patienceMs })) return;
  const [status] = await askMariadb(replica, 'SHOW SLAVE STATUS');
  throw new Error(`not at ${position}: ${status?.['Last_IO_Error']} ${status?.['Last_SQL_Error']}`);
};
