import { freePort } from '../../infra/local/free-port.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { createDatabase, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('starting a process', { timeoutMs: 60_000 });

let backends: Backends;

test.before(async () => {
  backends = await startBackends();
});

test.after(() => backends.remove());

/** The settings that a process needs to start, with ports of its own. */
const settings = async (): Promise<Record<string, string>> => ({
  REDIS_URL: backends.urls.redisUrl,
  DATABASE_URL: backends.urls.databaseUrl,
  ONSALE_ID_KEYS: testIdKey,
  PORT: String(await freePort()),
  OPS_PORT: String(await freePort()),
});

interface Refusal {
  readonly what: string;
  readonly args?: readonly string[];
  readonly env: () => Promise<Record<string, string>> | Record<string, string>;
  readonly says: readonly (string | RegExp)[];
}

const closedPort = freePort();
const without = async (...names: readonly string[]): Promise<Record<string, string>> =>
  Object.fromEntries(Object.entries(await settings()).filter(([name]) => !names.includes(name)));

const refusals: readonly Refusal[] = [
  {
    what: 'an unknown role',
    args: ['serve', 'command', 'cook'],
    env: settings,
    says: ['command query projector'],
  },
  { what: 'no role', args: ['serve'], env: settings, says: ['command query projector'] },
  { what: 'an unknown verb', args: ['fly'], env: settings, says: ['no verb "fly"'] },
  {
    what: 'settings that are missing: all of them',
    env: () => without('REDIS_URL', 'DATABASE_URL', 'ONSALE_ID_KEYS'),
    says: ['REDIS_URL is not set', 'DATABASE_URL is not set', 'ONSALE_ID_KEYS is not set'],
  },
  {
    what: 'an unknown setting and wrong ones: all of them',
    env: async () => ({ ...(await settings()), ONSALE_PARTITION: '4', PORT: 'x', ONSALE_LEASE_TTL_MS: '1' }),
    says: ['ONSALE_PARTITION is not a setting', 'PORT must be', 'ONSALE_LEASE_TTL_MS must be'],
  },
  {
    what: 'an address that others can reach, where everyone may be anyone',
    env: async () => ({ ...(await settings()), HOST: '0.0.0.0' }),
    says: [/HOST=0\.0\.0\.0 .*ONSALE_LOCAL_ANYWHERE=true/],
  },
  {
    what: 'a URL that is none',
    env: async () => ({ ...(await settings()), REDIS_URL: 'localhost:6379' }),
    says: ['REDIS_URL must be'],
  },
  {
    what: 'a Redis that is not there',
    env: async () => ({ ...(await settings()), REDIS_URL: `redis://127.0.0.1:${await closedPort}` }),
    says: [/cannot use Redis at redis:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/],
  },
  {
    what: 'a database that is not there, without its password',
    env: async () => ({
      ...(await settings()),
      DATABASE_URL: `mysql://onsale:secret-word@127.0.0.1:${await closedPort}/onsale`,
    }),
    says: [/^(?!.*secret-word).*cannot use the database .*ECONNREFUSED/],
  },
  {
    what: 'fewer partitions than there are',
    env: async () => ({ ...(await settings()), ONSALE_PARTITIONS: '3' }),
    says: [/partitions can grow, not shrink.*set it to 16 or more/],
  },
];

for (const { what, args = ['serve', 'command', 'query', 'projector'], env, says } of refusals) {
  test(`it does not start with ${what}, and says so in a line each`, async () => {
    // Stored by the first process on these servers that has the right to write it.
    if (what.startsWith('fewer')) await runToReady();
    const { code, output } = await runOnsale(args, await env());
    const lines = output.trim().split('\n');
    assert.ok(code === 1 || code === 2, `exit code ${code}`);
    assert.is(lines.length, says.length, output);
    for (const text of says)
      assert.ok(
        lines.some((line) => (typeof text === 'string' ? line.includes(text) : text.test(line))),
        output,
      );
  });
}

const runToReady = async (): Promise<void> => {
  const process = await startOnsale({ roles: ['projector'], ...backends.urls });
  assert.is(await process.stop(), 0);
};

test('a schema that was not migrated is refused with the command that helps; migrating twice does nothing', async () => {
  const database = await createDatabase();
  try {
    const env = { ...(await settings()), DATABASE_URL: database.url };
    const refused = await runOnsale(['serve', 'query'], env);
    assert.is(refused.code, 1);
    assert.match(refused.output, 'run `onsale migrate`');
    const first = await runOnsale(['migrate'], env);
    assert.is(first.code, 0, first.output);
    const second = await runOnsale(['migrate'], env);
    assert.is(second.code, 0, second.output);
    assert.match(second.output, /the schema is up to date\n$/);
  } finally {
    await database.drop();
  }
});

test('servers that do not keep what is promised are refused, or accepted by name and shown in /readyz', async () => {
  const redis = await startOwnRedis({ settings: { appendfsync: 'everysec' } });
  const database = await createDatabase();
  try {
    const env = { ...(await settings()), REDIS_URL: redis.url, DATABASE_URL: database.url };
    assert.is((await runOnsale(['migrate'], env)).code, 0);
    const refused = await runOnsale(['serve', 'query'], env);
    assert.is(refused.code, 1);
    assert.match(
      refused.output,
      /appendfsync is everysec, wanted always: .*\n.*\n {2}ONSALE_ACCEPT_RISK=appendfsync\n$/,
    );

    const doctor = await runOnsale(['doctor', '--json'], env);
    assert.is(doctor.code, 3, doctor.output);
    assert.match(doctor.output, '"found": "everysec"');

    const accepting = { ONSALE_ACCEPT_RISK: 'appendfsync' };
    const urls = { redisUrl: redis.url, databaseUrl: database.url };
    const process = await startOnsale({ roles: ['command', 'query'], ...urls, env: accepting });
    const readiness: unknown = await (await fetch(`${process.opsUrl}/readyz`)).json();
    await process.stop();
    assert.match(JSON.stringify(readiness), '"status":"ok"');
    assert.match(JSON.stringify(readiness), '"accepted risks":"appendfsync is everysec, wanted always"');
  } finally {
    await database.drop();
    await redis.remove();
  }
});
