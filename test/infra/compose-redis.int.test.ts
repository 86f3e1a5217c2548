import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { findProgram } from '../../infra/local/find-program.ts';
import { freePort } from '../../infra/local/free-port.ts';
import { paths } from '../../infra/local/paths.ts';
import { type Server, startServer } from '../../infra/local/server-process.ts';
import { assert, suite } from '../support/suite.ts';
import { buildOverlay } from './k8s/kustomize.ts';
import { workloadsOf } from './k8s/manifest.ts';

const test = suite('the Redis of compose and Kubernetes');

interface RedisCompose {
  readonly services: { readonly redis: { readonly command: readonly string[] } };
}

const parseCompose = (): RedisCompose =>
  parse(readFileSync(join(paths.root, 'infra/compose.yaml'), 'utf8'), { merge: true }) as RedisCompose;

const { command } = parseCompose().services.redis;

let server: Server;
let port: number;

const ask = async (login: string, ...[name, ...args]: readonly [string, ...string[]]): Promise<unknown> => {
  const redis = new Redis(`redis://${login}127.0.0.1:${port}`, {
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
  });
  redis.on('error', () => undefined);
  try {
    return await redis.call(name, ...args).catch(String);
  } finally {
    redis.disconnect();
  }
};

/** The command from compose.yaml, with the paths of this machine instead of those in the container. */
test.before(async () => {
  const dir = join(process.env['ONSALE_TEST_DIR'] ?? '', 'compose-redis');
  port = await freePort();
  const args = command.slice(1).map((word) =>
    word
      .replace('/etc/onsale/', join(paths.root, 'infra/redis/'))
      .replace(/^\/data$/, '.')
      .replace(/^\*$/, '127.0.0.1')
      .replace('-::*', '-::1'),
  );
  const program = findProgram('redis-server', 'valkey-server') ?? 'redis-server';
  const url = `redis://127.0.0.1:${port}`;
  server = await startServer({
    ...{ name: 'Redis', program, dir, port, url },
    args: [...args, '--port', String(port)],
    answers: () => ask('onsale-operate:onsale-operate@', 'ping').then((answer) => answer === 'PONG'),
  });
});

test.after(() => server.kill('SIGKILL'));

test('it knows our users, and nobody gets in without a name', async () => {
  assert.is(await ask('onsale-api:onsale-api@', 'ping'), 'PONG');
  assert.match(String(await ask('onsale-api:wrong@', 'ping')), /WRONGPASS|NOAUTH|closed/);
  assert.match(String(await ask('', 'ping')), /NOAUTH|closed/);
});

test('it keeps what it answered, as our redis.conf says', async () => {
  assert.equal(await ask('onsale-api:onsale-api@', 'config', 'get', 'appendfsync'), [
    'appendfsync',
    'always',
  ]);
});

test('it refuses before the system would kill it: its limit is three quarters of what its container may use', async () => {
  const [, bytes] = [await ask('onsale-api:onsale-api@', 'config', 'get', 'maxmemory')].flat();
  const pods = workloadsOf(buildOverlay('local')).map(({ pod }) => pod.containers[0]);
  const redis = pods.find((container) => container?.name === 'redis');
  assert.is(redis?.resources?.limits?.['memory'], '1Gi');
  assert.is(Number(bytes), 0.75 * 2 ** 30);
});

test('the one for trying out on Kubernetes is started in the same way', () => {
  const pods = workloadsOf(buildOverlay('local')).map(({ pod }) => pod.containers[0]);
  assert.equal(pods.find((container) => container?.name === 'redis')?.args, command);
});
