import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { type Command, inContainer } from './docker.ts';
import { onPort } from './free-port.ts';
import { type ServerProgram, serverProgram } from './install-servers.ts';
import { asRoot, ensureData, ownTmpdir } from './mariadb-data.ts';
import { paths, type ServerFiles } from './paths.ts';
import { type PrivateServerOptions, type Server, startServer } from './server-process.ts';

const CONNECT_LIMIT_MS = 1_000;

interface Container {
  readonly dir: string;
  readonly port: number;
  readonly mounts: readonly string[];
}

const command = (server: ServerProgram, container: Container, args: readonly string[]): Command => {
  if (server.type === 'installed') return { program: server.program, args };
  // Inside a container, loopback is the container's own; the port is published on this machine's loopback
  // only.
  const { image } = server;
  const whole = { image, entrypoint: 'mariadbd', ...container };
  return inContainer(server.docker, whole, [...args, '--bind-address=0.0.0.0']);
};

/** False while it does not answer, or when another server has the port. */
const answersFrom = async (url: string, data: string): Promise<boolean> => {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: CONNECT_LIMIT_MS });
    try {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT @@datadir AS dir');
      const dir = String(rows[0]?.['dir']).replace(/\/$/, '');
      return dir === data || dir === realpathSync(data);
    } finally {
      connection.destroy();
    }
  } catch {
    return false;
  }
};

/**
 * A server reads a single file when it starts, so this one has both: the database, then the users that
 * connect to it.
 */
const writeInit = (dir: string, { mariadbInit, mariadbUsers }: ServerFiles): string => {
  const file = join(dir, 'init.sql');
  writeFileSync(file, [mariadbInit, mariadbUsers].map((part) => readFileSync(part, 'utf8')).join('\n'));
  return file;
};

/** Starts a MariaDB (or MySQL) of our own on 127.0.0.1 with infra/mysql/onsale.cnf and an `onsale` database. */
export const startMariadb = (options: PrivateServerOptions): Promise<Server> =>
  onPort(options.port, async (port) => startOn(port, options));

const startOn = (
  port: number,
  { dir, files = paths, settings = {} }: PrivateServerOptions,
): Promise<Server> => {
  const server = serverProgram('mariadb');
  const data = join(dir, 'data');
  mkdirSync(dir, { recursive: true });
  ensureData(server, data);
  const url = `mysql://onsale:onsale@127.0.0.1:${port}/onsale`;
  const args = [
    `--defaults-file=${files.mariadbConf}`,
    ...asRoot(),
    `--datadir=${data}`,
    ownTmpdir(dir),
    `--port=${port}`,
    `--init-file=${writeInit(dir, files)}`,
    `--pid-file=${join(dir, 'mariadbd.pid')}`,
    // No socket file: its path is limited to 107 characters, which a checkout may exceed.
    '--socket=',
    ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`),
  ];
  return startServer({
    name: 'MariaDB',
    ...command(server, { dir, port, mounts: [dir, files.mariadbConf] }, args),
    dir,
    port,
    url,
    answers: () => answersFrom(url, data),
  });
};
