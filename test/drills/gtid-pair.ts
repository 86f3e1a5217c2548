import type { Ownership } from '../chaos/owned.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { followPrimary, positionOf, untilApplied, untilAt } from '../support/replication.ts';
import { type OwnServer, startOwnMariadb } from '../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** A MariaDB primary, a server that follows it by GTID, and the name that leads to the primary. */
export interface GtidPair {
  readonly primary: () => OwnServer;
  readonly replica: () => OwnServer;
  /** The DATABASE_URL of the processes. */
  readonly name: TcpProxy;
  /** The same for the watch and the audit. */
  readonly watchers: TcpProxy;
  /** Makes the name lead to the primary. Connections to other servers are cut only if the option says so. */
  readonly lead: (connections: 'stay' | 'cut') => void;
  /** The replica applies what it has received and takes writes; the other server is no longer the primary. */
  readonly promote: () => Promise<void>;
  readonly untilCaughtUp: () => Promise<void>;
  /** The former primary follows the new one. */
  readonly followBack: () => Promise<void>;
  /**
   * Replaces the former primary with an empty server, which follows the new primary from the beginning of its
   * log.
   */
  readonly replaceReplica: () => Promise<void>;
}

const patienceMs = 60_000;

/** Follows docs/operating/mariadb-replication.md. */
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

export const startGtidPair = async (owned: Ownership): Promise<GtidPair> => {
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
  const untilCaughtUp = async (): Promise<void> => untilAt(replica, await positionOf(primary), patienceMs);
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
      await untilApplied(replica, patienceMs);
      await askMariadb(replica, 'STOP SLAVE');
      await askMariadb(replica, 'RESET SLAVE ALL');
      await askMariadb(replica, 'SET GLOBAL read_only = 0');
      [primary, replica] = [replica, primary];
    },
    untilCaughtUp,
    followBack: async () => {
      await askMariadb(replica, `SET GLOBAL gtid_slave_pos = '${await positionOf(replica)}'`);
      await followPrimary(replica, primary);
      await untilCaughtUp();
    },
    replaceReplica: async () => {
      replica = await start();
      await followFromBeginning(replica, primary);
      await untilCaughtUp();
    },
  };
};

/** Its own first writes, which create the users, are dropped: these come from the primary as well. */
const followFromBeginning = async (replica: OwnServer, primary: OwnServer): Promise<void> => {
  await askMariadb(replica, 'RESET MASTER');
  await askMariadb(replica, "SET GLOBAL gtid_slave_pos = ''");
  await followPrimary(replica, primary);
};
