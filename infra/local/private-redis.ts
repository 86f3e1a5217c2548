import { mkdirSync, realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type Command, inContainer } from './docker.ts';
import { onPort } from './free-port.ts';
import { serverProgram } from './install-servers.ts';
import { paths } from './paths.ts';
import { type PrivateServerOptions, type Server, startServer } from './server-process.ts';

const ANSWER_LIMIT_MS = 1_000;

/** Sent over a bare socket. False while nothing listens, while the AOF is loading, and for another Redis. */
const answersFrom = (port: number, data: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let reply = '';
    const answer = (isOurs: boolean): void => {
      socket.destroy();
      resolve(isOurs);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('connect', () => socket.write('CONFIG GET dir\r\n'));
    // `*2`, then a length and a text for each: the name and the directory.
    socket.setEncoding('utf8').on('data', (text: string) => {
      reply += text;
      const [kind, , , , dir, rest] = reply.split('\r\n');
      if (kind?.startsWith('-')) answer(false);
      else if (rest !== undefined) answer(dir === data || dir === realpathSync(data));
    });
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
  // Inside a container, loopback is the container's own; the port is published on this machine's loopback
  // only.
  return inContainer(server.docker, container, [...args, '--bind', '0.0.0.0', '--protected-mode', 'no']);
};

/** Starts a Redis of our own on 127.0.0.1 with infra/redis/redis.conf; its data stays in `dir`. */
export const startRedis = (options: PrivateServerOptions): Promise<Server> =>
  onPort(options.port, async (port) => startOn(port, options));

const startOn = (
  port: number,
  { dir, files = paths, settings = {} }: PrivateServerOptions,
): Promise<Server> => {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  const overrides = Object.entries({
    include: files.redisUsers,
    port: String(port),
    dir: data,
    // The rest of the memory is for the other programs of this machine.
    maxmemory: String(Math.floor(totalmem() / 2)),
    ...settings,
  });
  const args = [files.redisConf, ...overrides.flatMap(([key, value]) => [`--${key}`, value])];
  return startServer({
    name: 'Redis',
    ...command(dir, port, [data, files.redisConf, files.redisUsers], args),
    dir,
    port,
    url: `redis://127.0.0.1:${port}`,
    answers: () => answersFrom(port, data),
  });
};
