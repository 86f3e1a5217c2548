import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { findProgram } from './find-program.ts';

export interface Container {
  readonly image: string;
  readonly entrypoint: string;
  readonly dir: string;
  readonly port?: number;
  /** Files and directories the server sees at the same path as we do. */
  readonly mounts: readonly string[];
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** The docker client, if it can reach an engine. */
export const findDocker = (): string | undefined => {
  const docker = findProgram('docker');
  return docker !== undefined && spawnSync(docker, ['info'], { stdio: 'ignore' }).status === 0
    ? docker
    : undefined;
};

/**
 * Fetches an image unless it is there. The first time this takes longer than the time limit for the start of
 * a server.
 */
export const ensureImage = (docker: string, image: string, print: (line: string) => void): void => {
  if (spawnSync(docker, ['image', 'inspect', image], { stdio: 'ignore' }).status === 0) return;
  print(`Fetching ${image} with Docker …`);
  const done = spawnSync(docker, ['pull', '--quiet', image], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`docker pull ${image} failed: ${done.stderr.trim()}`);
};

// As the current user, so that the data belongs to the user who runs the command.
const asUser = (): readonly string[] =>
  process.getuid === undefined ? [] : ['--user', `${process.getuid()}:${process.getgid?.() ?? 0}`];

/**
 * The command that runs a server in the foreground of a container: signals to the client reach the
 * server, so the rest of the code need not know. A container that a killed client left is removed.
 */
export const inContainer = (docker: string, container: Container, args: readonly string[]): Command => {
  const { image, entrypoint, dir, port, mounts } = container;
  const name = `onsale-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`;
  spawnSync(docker, ['rm', '-f', name], { stdio: 'ignore' });
  const publish = port === undefined ? [] : ['-p', `127.0.0.1:${port}:${port}`];
  const volumes = mounts.flatMap((path) => ['-v', `${path}:${path}`]);
  return {
    program: docker,
    args: [
      'run',
      '--rm',
      '-i',
      '--name',
      name,
      ...asUser(),
      ...publish,
      ...volumes,
      '--entrypoint',
      entrypoint,
      image,
      ...args,
    ],
  };
};
