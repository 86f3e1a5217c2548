import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureImage, findDocker } from './docker.ts';
import { findProgram } from './find-program.ts';
import { paths } from './paths.ts';

interface Need {
  readonly programs: readonly string[];
  readonly debian: string;
  readonly brew: string;
  readonly image: string;
}

/** The programs and packages of each private server. */
const needs = {
  redis: {
    programs: ['redis-server', 'valkey-server'],
    debian: 'redis-server',
    brew: 'redis',
    image: 'redis:7',
  },
  mariadb: {
    programs: ['mariadbd', 'mysqld'],
    debian: 'mariadb-server-core',
    brew: 'mariadb',
    image: 'mariadb:10.11',
  },
} as const satisfies Record<string, Need>;

export type ServerName = keyof typeof needs;

const installed = (name: ServerName): string | undefined => findProgram(...needs[name].programs);

// `sudo -n` fails instead of asking for a password.
const rootPrefix = (): readonly string[] | undefined => {
  if (process.getuid?.() === 0) return [];
  return findProgram('sudo') !== undefined &&
    spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
    ? ['sudo', '-n']
    : undefined;
};

/** Installs packages if apt-get is there and may be used; prints what it does, and a failure. */
export const installWithApt = (packages: readonly string[], print: (line: string) => void): void => {
  const prefix = findProgram('apt-get') === undefined ? undefined : rootPrefix();
  if (prefix === undefined) return;
  print(`Installing with apt-get: ${packages.join(' ')} …`);
  const [program = 'sh', ...args] = [
    ...prefix,
    'sh',
    join(paths.root, 'infra/local/install-servers.sh'),
    ...packages,
  ];
  const done = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.status !== 0) print(`apt-get failed: ${done.stderr.trim().split('\n').slice(-3).join(' | ')}`);
};

/** The commands for a person to type when nothing could be installed. */
export const howToInstall = (missing: readonly ServerName[]): string => {
  const debian = missing.map((name) => needs[name].debian).join(' ');
  const brew = missing.map((name) => needs[name].brew).join(' ');
  return [
    `Missing: ${missing.map((name) => needs[name].programs[0]).join(', ')}. Install, then start again:`,
    `  Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y --no-install-recommends ${debian}`,
    `  macOS            brew install ${brew}`,
    '  Docker           start an engine (docker info must succeed): the servers then run in containers',
    'or set REDIS_URL and DATABASE_URL to servers you have.',
  ].join('\n');
};

const requireDocker = (missing: readonly ServerName[]): string => {
  const docker = findDocker();
  if (docker === undefined) throw new Error(howToInstall(missing));
  return docker;
};

export type ServerProgram =
  | { readonly type: 'installed'; readonly program: string }
  | { readonly type: 'docker'; readonly docker: string; readonly image: string };

/** How to run a server: its installed program, or else its image. */
export const serverProgram = (name: ServerName): ServerProgram => {
  const program = installed(name);
  if (program !== undefined) return { type: 'installed', program };
  return { type: 'docker', docker: requireDocker([name]), image: needs[name].image };
};

/** Makes sure that the servers can be started: installed, by apt-get if allowed, else a Docker engine. Throws with what to do. */
export const ensureServers = (wanted: readonly ServerName[], print: (line: string) => void): void => {
  const missing = (): readonly ServerName[] => wanted.filter((name) => installed(name) === undefined);
  const before = missing();
  if (before.length === 0) return;
  installWithApt(
    before.map((name) => needs[name].debian),
    print,
  );
  const after = missing();
  if (after.length === 0) return;
  const docker = requireDocker(after);
  for (const name of after) ensureImage(docker, needs[name].image, print);
};
