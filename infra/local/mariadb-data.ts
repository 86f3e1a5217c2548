import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, inContainer } from './docker.ts';
import type { ServerProgram } from './install-servers.ts';

const SYSTEM_TABLES = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'maria_add_gis_sp_bootstrap.sql',
] as const;
const BOOTSTRAP = ['--bootstrap', '--innodb-log-file-size=16M', '--max-allowed-packet=8M'] as const;

/** The server refuses to run as root without this option. */
export const asRoot = (): readonly string[] => (process.getuid?.() === 0 ? ['--user=root'] : []);

/**
 * A starting server removes files that look like temporary tables of its predecessor. In a shared directory these may be
 * tables that another server is using.
 */
export const ownTmpdir = (dir: string): string => `--tmpdir=${dir}`;

const isMariadb = (program: string): boolean =>
  spawnSync(program, ['--no-defaults', '--version'], { encoding: 'utf8' }).stdout.includes('MariaDB');

const systemTables = (program: string): string => {
  const prefix = dirname(dirname(realpathSync(program)));
  const places = ['share/mysql', 'share/mariadb', 'share'].map((place) => join(prefix, place));
  const found = places.find((place) => SYSTEM_TABLES.every((file) => existsSync(join(place, file))));
  if (found === undefined) throw new Error(`${SYSTEM_TABLES[0]} is in none of ${places.join(', ')}`);
  const scripts = SYSTEM_TABLES.map((file) => readFileSync(join(found, file), 'utf8'));
  return ['CREATE DATABASE mysql;', 'USE mysql;', ...scripts, 'FLUSH PRIVILEGES;', ''].join('\n');
};

interface MakeCommand extends Command {
  readonly input?: string;
}

/**
 * MariaDB's own install script is not used where the server is on this machine: it needs programs of other
 * packages and loads 2 MB of help texts. Apart from that it only runs the SQL of these tables.
 */
const withProgram = (program: string, fresh: string): MakeCommand => {
  const common = ['--no-defaults', ...asRoot(), `--datadir=${fresh}`, ownTmpdir(dirname(fresh))];
  return isMariadb(program)
    ? { program, args: [...common, ...BOOTSTRAP], input: systemTables(program) }
    : { program, args: [...common, '--initialize-insecure'] };
};

const withDocker = (docker: string, image: string, fresh: string): MakeCommand => {
  const container = { image, entrypoint: 'mariadb-install-db', dir: fresh, mounts: [fresh] };
  return inContainer(docker, container, [
    '--no-defaults',
    ...asRoot(),
    `--datadir=${fresh}`,
    '--skip-test-db',
  ]);
};

/** Makes a data directory where there is none; it gets its name only once it is complete. */
export const ensureData = (server: ServerProgram, data: string): void => {
  if (existsSync(data)) return;
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const making =
    server.type === 'installed'
      ? withProgram(server.program, fresh)
      : withDocker(server.docker, server.image, fresh);
  const done = spawnSync(making.program, making.args, { encoding: 'utf8', input: making.input ?? '' });
  if (done.status !== 0)
    throw new Error(`${making.program} could not make ${data}:\n${done.stderr.slice(-2_000)}`);
  renameSync(fresh, data);
};
