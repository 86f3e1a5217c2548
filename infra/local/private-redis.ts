import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Command, inContainer } from './docker.ts';
import { freePort } from './free-port.ts';
import { serverProgram } from './install-servers.ts';
import { paths } from './paths.ts';
import { type PrivateServerOptions, type Server, startServer } from './server-process.ts';

const PING_LIMIT_MS = 1_000;

/** One PING over a bare socket; false while nobody listens or the AOF is still loading. */
const answersPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (pong: boolean): void => {
      socket.destroy();
      resolve(pong);
    };
    socket.setTimeout(PING_LIMIT_MS, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => answer(reply.toString().startsWith('+PONG')));
  });

const command = (dir: string, port: number, mounts: readonly string[], args: readonly string[]): Command => {
  const server = serverProgram('redis');
  if (server.type === 'installed') return { program: server.program, args };
  const container = {
    image: server.image,
    entrypoint: 'redis-server',
    dir,
    port,
    mounts,
  };
  // Inside a container loopback is its own; the published port is on ours only.
  return inContainer(server.docker, container, [...args, '--bind', '0.0.0.0', '--protected-mode', 'no']);
};

/** Starts a Redis of our own on 127.0.0.1 with infra/redis/redis.conf; its data stays in `dir`. */
export const startRedis = async ({
  dir,
  port,
  files = paths,
  settings = {},
}: PrivateServerOptions): Promise<Server> => {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  const chosen = port ?? (await freePort());
  const overrides = Object.entries({
    include: files.redisUsers,
    port: String(chosen),
    dir: data,
    ...settings,
  });
  const args = [files.redisConf, ...overrides.flatMap(([key, value]) => [`--${key}`, value])];
  return startServer({
    name: 'Redis',
    ...command(dir, chosen, [data, files.redisConf, files.redisUsers], args),
    dir,
    port: chosen,
    url: `redis://127.0.0.1:${chosen}`,
    answers: () => answersPing(chosen),
  });
};
