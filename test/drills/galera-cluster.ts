import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort } from '../../infra/local/free-port.ts';
import { installWithApt, serverProgram } from '../../infra/local/install-servers.ts';
import { asRoot } from '../../infra/local/mariadb-data.ts';
import { paths } from '../../infra/local/paths.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Ownership } from '../chaos/owned.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { type OwnServer, startOwnMariadb } from '../support/servers.ts';

export interface GaleraNode {
  readonly name: string;
  readonly server: OwnServer;
  /** Whether it belongs to the primary component and accepts statements. */
  readonly isReady: () => Promise<boolean>;
  readonly status: (variable: string) => Promise<string>;
  /** Cuts the connections between it and the other nodes, or restores them. */
  readonly isolate: (isIsolated: boolean) => Promise<void>;
  /**
   * After kill -9: recovers its position and joins the others again; has caught up with them when this
   * resolves.
   */
  readonly rejoin: () => Promise<void>;
}

const provider = '/usr/lib/galera/libgalera_smm.so';
const patienceMs = 60_000;

export const ensureGalera = (say: (line: string) => void): void => {
  if (!existsSync(provider)) installWithApt(['galera-4'], say);
  if (!existsSync(provider)) throw new Error('this drill needs Galera: apt-get install galera-4');
};

interface Ports {
  readonly group: number;
  readonly ist: number;
}

/** Follows docs/operating/galera.md. */
const settingsOf = (name: string, { group, ist }: Ports, all: readonly Ports[]) => ({
  'wsrep-on': 'ON',
  'wsrep-provider': provider,
  'wsrep-cluster-name': 'onsale-drill',
  'wsrep-cluster-address': `gcomm://${all.map((ports) => `127.0.0.1:${ports.group}`).join(',')}`,
  'wsrep-node-name': name,
  'wsrep-node-address': `127.0.0.1:${group}`,
  'wsrep-provider-options': [
    `gmcast.listen_addr=tcp://127.0.0.1:${group}`,
    `ist.recv_addr=127.0.0.1:${ist}`,
    'gcache.size=128M',
  ].join(';'),
  'wsrep-slave-threads': '4',
  'wsrep-sst-method': 'copy',
  'binlog-format': 'ROW',
  'innodb-autoinc-lock-mode': '2',
  'innodb-buffer-pool-size': '64M',
});

/** Three nodes on this machine. The first creates the cluster; the others copy all its data. */
export const startGalera = async (owned: Ownership): Promise<readonly GaleraNode[]> => {
  // The server looks for wsrep_sst_copy on the PATH.
  process.env['PATH'] = `${join(paths.root, 'test/drills')}${delimiter}${process.env['PATH']}`;
  const names = ['one', 'two', 'three'];
  const ports: Ports[] = [];
  for (const _ of names) ports.push({ group: await freePort(), ist: await freePort() });
  const nodes: GaleraNode[] = [];
  for (const [index, name] of names.entries()) {
    const settings = settingsOf(name, ports[index] ?? { group: 0, ist: 0 }, ports);
    const first = index === 0 ? { 'wsrep-cluster-address': 'gcomm://' } : {};
    const starting = startOwnMariadb({ settings: { ...settings, ...first } });
    nodes.push(nodeOf(name, await owned.own(starting, (server) => server.remove()), settings));
  }
  return nodes;
};

const nodeOf = (name: string, server: OwnServer, settings: Readonly<Record<string, string>>): GaleraNode => {
  const status = async (variable: string): Promise<string> => {
    const [row] = await askMariadb(server, `SHOW GLOBAL STATUS LIKE '${variable}'`);
    return String(row?.['Value'] ?? '');
  };
  const isReady = async (): Promise<boolean> =>
    (await status('wsrep_ready')) === 'ON' && (await status('wsrep_cluster_status')) === 'Primary';
  return {
    name,
    server,
    isReady,
    status,
    isolate: async (isIsolated) => {
      await askMariadb(server, `SET GLOBAL wsrep_provider_options = 'gmcast.isolate=${isIsolated ? 1 : 0}'`);
    },
    rejoin: async () => {
      await server.restart({ ...settings, 'wsrep-start-position': recoveredPosition(server) });
      const isSynced = async (): Promise<boolean> =>
        (await isReady()) && (await status('wsrep_local_state_comment')) === 'Synced';
      if (!(await waitUntil(isSynced, { limitMs: patienceMs })))
        throw new Error(`node ${name} did not rejoin`);
    },
  };
};

/** Same as systemd's unit of MariaDB does before it starts a server that was killed. */
const recoveredPosition = ({ dir, port }: OwnServer): string => {
  const server = serverProgram('mariadb');
  if (server.type !== 'installed') throw new Error('MariaDB has to be installed');
  const args = [
    '--no-defaults',
    ...asRoot(),
    `--datadir=${join(dir, 'data')}`,
    `--tmpdir=${dir}`,
    '--wsrep-recover',
  ];
  const { stderr, stdout } = spawnSync(
    server.program,
    [
      ...args,
      '--wsrep-on=ON',
      `--wsrep-provider=${provider}`,
      '--wsrep-cluster-address=gcomm://127.0.0.1',
      '--binlog-format=ROW',
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--socket=',
    ],
    {
      encoding: 'utf8',
    },
  );
  const position = /Recovered position: (\S+)/.exec(`${stderr}${stdout}`)?.[1];
  if (position === undefined) throw new Error(`no position was recovered:\n${stderr.slice(-1_000)}`);
  return position;
};
