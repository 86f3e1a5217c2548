import { waitUntil } from '../../infra/local/wait-until.ts';
import { askMariadb } from './ask-mariadb.ts';
import { followPrimary, positionOf, untilApplied, untilAt } from './replication.ts';
import { type OwnServer, startOwnMariadb } from './servers.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/**
 * A primary, its replica, and a name that leads to one of them. Replication is semi-synchronous: a commit
 * becomes visible only after the replica has received it.
 */
export interface MariadbPair {
  /** The address at which processes find the current primary. */
  readonly proxy: TcpProxy;
  readonly primary: () => OwnServer;
  readonly replica: () => OwnServer;
  /**
   * A planned switch-over: the primary becomes read-only, the replica catches up and takes writes, and the
   * name leads to it. No connection is cut and the old primary keeps running. It follows the new one unless
   * `isFollowed` is false.
   */
  readonly changeSides: (options?: { readonly isFollowed?: boolean }) => Promise<void>;
  /** kill -9 of the primary; the replica applies what it received, takes writes, and the name leads to it. */
  readonly failOver: () => Promise<void>;
  /**
   * The former primary follows the new one and has caught up when this resolves. It is started if it is not
   * running.
   */
  readonly rejoin: () => Promise<void>;
  /** Resolves once every further commit waits for the replica. */
  readonly untilInStep: () => Promise<void>;
  /** The steps of a switch-over, one by one. */
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
  // A replica that becomes primary must pass on what it received.
  'log-slave-updates': 'ON',
  'slave-parallel-threads': '4',
  'rpl-semi-sync-master-enabled': 'ON',
  'rpl-semi-sync-master-wait-point': 'AFTER_SYNC',
  // Without a replica a commit does not wait, as in tests that do not start one.
  'rpl-semi-sync-master-wait-no-slave': 'OFF',
});

/**
 * For a primary that crashed and returns as a replica. Commits that it wrote but that no replica acknowledged
 * are rolled back, and users come from the new primary. Newer releases use init-rpl-role for this, older ones
 * rpl-semi-sync-slave-enabled. The server id is new: otherwise a rolled-back transaction that comes again
 * would be skipped as its own.
 */
const settingsOfDemoted = (id: number) => ({
  'server-id': String(id),
  'loose-init-rpl-role': 'SLAVE',
  'rpl-semi-sync-slave-enabled': 'ON',
  'init-file': '',
});

/** Sessions of our roles on this server, e.g. those that did not move after a switch-over. */
export const sessionsOn = async (server: OwnServer): Promise<number> => {
  const [row] = await askMariadb(
    server,
    "SELECT COUNT(*) AS sessions FROM information_schema.processlist WHERE user LIKE 'onsale-%'",
  );
  return Number(row?.['sessions']);
};

const follow = async (replica: OwnServer, primary: OwnServer, from: string): Promise<void> => {
  await askMariadb(replica, `SET GLOBAL gtid_slave_pos = '${from}'`);
  await askMariadb(replica, 'SET GLOBAL rpl_semi_sync_slave_enabled = ON');
  await followPrimary(replica, primary);
};

const isSemiSynchronous = async (primary: OwnServer): Promise<boolean> => {
  const [row] = await askMariadb(primary, "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_status'");
  return row?.['Value'] === 'ON';
};

/**
 * GTID position of a crashed primary. Its variables still count what was rolled back, so the position is read
 * from the end of its last binary log.
 */
const positionOfDemoted = async (server: OwnServer): Promise<string> => {
  const logs = await askMariadb(server, 'SHOW BINARY LOGS');
  const events = await askMariadb(server, `SHOW BINLOG EVENTS IN '${logs.at(-2)?.['Log_name']}'`);
  const isGtid = (type: unknown): boolean => type === 'Gtid' || type === 'Gtid_list';
  const last = events.findLast(({ Event_type: type }) => isGtid(type));
  return /\d+-\d+-\d+/.exec(String(last?.['Info']))?.[0] ?? '';
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
  const untilCaughtUp = async (): Promise<void> => untilAt(replica, await positionOf(primary), caughtUpMs);
  const untilInStep = async (): Promise<void> => {
    await untilCaughtUp();
    if (await waitUntil(() => isSemiSynchronous(primary), { limitMs: caughtUpMs, everyMs: 50 })) return;
    throw new Error(`the primary did not wait for its replica within ${caughtUpMs} ms`);
  };
  let isReplicaDead = false;
  let ids = 2;
  const promote = async (): Promise<void> => {
    await askMariadb(replica, 'STOP SLAVE');
    await askMariadb(replica, 'RESET SLAVE ALL');
    await askMariadb(replica, 'FLUSH BINARY LOGS');
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
      await promote();
      proxy.pointTo(primary.port);
      if (isFollowed) await follow(replica, primary, await positionOf(replica));
    },
    failOver: async () => {
      await untilInStep();
      await primary.kill('SIGKILL');
      await untilApplied(replica, caughtUpMs);
      await promote();
      isReplicaDead = true;
      proxy.pointTo(primary.port);
      proxy.cut();
    },
    rejoin: async () => {
      if (isReplicaDead) await replica.restart(settingsOfDemoted(++ids));
      const position = await (isReplicaDead ? positionOfDemoted : positionOf)(replica);
      isReplicaDead = false;
      await setReadOnly(replica, true);
      await follow(replica, primary, position);
      await untilInStep();
    },
    untilInStep,
    remove: async () => {
      await proxy.close();
      await Promise.all([primary.remove(), replica.remove()]);
    },
  };
};
