import { createConnection } from 'mysql2/promise';
import { grantUsers } from '../../infra/local/grant-users.ts';
import { type MariadbPair, startMariadbPair } from '../support/mariadb-pair.ts';
import { runOnsale, testIdKey } from '../support/onsale.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { type Fleet, startFleet } from './fleet.ts';

/** The addresses for the judge: the servers' own, past the proxies that the drill disturbs. */
export interface ServerUrls {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

export interface Mariadb extends MariadbPair {
  /** Leads to the current primary, past the proxy that the drill disturbs. */
  readonly direct: TcpProxy;
}

/** MariaDB as shipped, with a replica, behind a proxy. */
export const startMariadbBehindWire = async (): Promise<Mariadb> => {
  const pair = await startMariadbPair();
  const direct = await startTcpProxy(pair.primary().url);
  const follow = (): void => {
    direct.pointTo(pair.primary().port);
    direct.cut();
  };
  return {
    ...pair,
    direct,
    changeSides: async (options) => {
      await pair.changeSides(options);
      follow();
    },
    failOver: async () => {
      await pair.failOver();
      follow();
    },
    remove: async () => {
      await direct.close();
      await pair.remove();
    },
  };
};

export const partitions = 8;

let databases = 0;

/** A database for one part: the same server serves several parts, one after the other. */
export const makeDatabase = async ({
  direct,
  proxy,
}: Mariadb): Promise<{ direct: string; behindWire: string }> => {
  databases += 1;
  const name = `drill_${databases}`;
  const connection = await createConnection(direct.url);
  try {
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  } finally {
    await connection.end();
  }
  await grantUsers(direct.url, name);
  const urls = [direct.url, proxy.url].map((text) => {
    const url = new URL(text);
    url.pathname = `/${name}`;
    return url.href;
  });
  const [pastWire = '', behindWire = ''] = urls;
  const migrated = await runOnsale(['migrate'], { DATABASE_URL: pastWire, ONSALE_ID_KEYS: testIdKey });
  if (migrated.code !== 0) throw new Error(`not migrated: ${migrated.output}`);
  return { direct: pastWire, behindWire };
};

export interface ProcessesOptions extends ServerUrls {
  readonly apis: number;
  readonly projectors: number;
  readonly durability: 'disk' | 'replicated';
  /** The requirements that the servers of this part intentionally do not meet. */
  readonly acceptRisk?: string;
}

export const startProcesses = ({
  durability,
  acceptRisk = '',
  ...options
}: ProcessesOptions): Promise<Fleet> =>
  startFleet({
    ...options,
    env: {
      ONSALE_PARTITIONS: String(partitions),
      ONSALE_DURABILITY: durability,
      ONSALE_ACCEPT_RISK: acceptRisk,
    },
  });
