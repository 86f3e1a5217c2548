import { once } from 'node:events';
import { createServer } from 'node:net';
import { warmRoles } from '../../../src/cli/serve/warm-roles.ts';
import { type Config, parseConfig } from '../../../src/config.ts';
import type { Logger } from '../../../src/domain/ports.ts';
import { testIdKey } from '../../support/onsale.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('warming up the roles of a process', { timeoutMs: 60_000 });

const configWith = (env: Readonly<Record<string, string>>): Config => {
  const urls = { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'mysql://onsale@127.0.0.1:1/onsale' };
  const verdict = parseConfig({ ...urls, ONSALE_ID_KEYS: testIdKey, ...env }, []);
  if (verdict.type === 'invalid') throw new Error(verdict.problems.join());
  return verdict.config;
};

type LogLine = readonly [level: string, message: string, fields: object];

const newNotingLogger = (): { readonly logger: Logger; readonly logged: LogLine[] } => {
  const logged: LogLine[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    logged.push([level, message, fields]);
  };
  return {
    logged,
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
  };
};

const warm = async (env: Readonly<Record<string, string>>, stopping = new AbortController().signal) => {
  const { logger, logged } = newNotingLogger();
  const roles = new Set(['command', 'query', 'projector'] as const);
  await warmRoles(roles, { config: configWith(env), logger, processId: 'test', stopping });
  return logged;
};

const messagesOf = (logged: readonly LogLine[]): readonly string[] =>
  logged.map(([level, message]) => `${level}: ${message}`);

const twoLines = ['debug: warming up', 'info: warmed up'];

test('every request and every batch is as expected, and two lines are logged, whatever callers may do', async () => {
  const refusing = {
    ONSALE_RATE_LIMIT_ADDRESS: '1:1',
    ONSALE_RATE_LIMIT_CUSTOMER: '1:1',
    ONSALE_REQUIRE_KEYS: 'true',
    ONSALE_WAITERS_MAX: '1',
    ONSALE_BATCH_MAX: '1',
  };
  const tokens = {
    ONSALE_AUTH: 'jwt',
    ONSALE_JWT_SECRET: 'x'.repeat(32),
    ONSALE_JWT_ISSUER: 'issuer',
    ONSALE_JWT_AUDIENCE: 'audience',
  };
  for (const env of [{}, refusing, tokens]) assert.equal(messagesOf(await warm(env)), twoLines);
});

test('no server is asked for anything', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const logged = await warm({
    REDIS_URL: `redis://127.0.0.1:${port}`,
    DATABASE_URL: `mysql://onsale@127.0.0.1:${port}/onsale`,
    DATABASE_READ_URL: `mysql://onsale@127.0.0.1:${port}/onsale`,
  });
  server.close();
  assert.equal([connections, messagesOf(logged)], [0, twoLines]);
});

test('a warm-up that fails is warned of once, and keeps nothing from becoming ready', async () => {
  const { logger, logged } = newNotingLogger();
  const config = { ...configWith({}), idKeys: [] };
  await warmRoles(new Set(['command']), {
    config,
    logger,
    processId: 'test',
    stopping: new AbortController().signal,
  });
  assert.equal(messagesOf(logged), ['warn: could not warm up: the first requests take longer']);
});

test('a process that stops says nothing of it', async () => {
  const stopping = AbortSignal.abort();
  assert.equal(messagesOf(await warm({}, stopping)), ['debug: warming up']);
});
