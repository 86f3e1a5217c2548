import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../infra/local/free-port.ts';
import { paths } from '../../infra/local/paths.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { parseRole } from '../../src/cli/roles.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { call } from '../support/client.ts';
import { type Onsale, runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('where a process listens', { timeoutMs: 60_000 });

let backends: Backends;

test.before(async () => {
  backends = await startBackends();
});

test.after(() => backends.remove());

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** The same host by its IPv6 address. */
const onIpv6 = (url: string): string => url.replace('127.0.0.1', '[::1]');

const answers = async (url: string): Promise<boolean> =>
  await call(url).then(
    ({ status }) => status === 200,
    () => false,
  );

test('HOST=:: is every address of IPv4, and of IPv6 where there is any: API and probes', async () => {
  const env = { HOST: '::', ONSALE_LOCAL_ANYWHERE: 'true' };
  const api = await startOnsale({ roles: ['command', 'query'], ...backends.urls, env });
  const probes = [`${api.url}/readyz`, `${api.opsUrl}/readyz`, `${api.opsUrl}/livez`, `${api.url}/v1/shows`];
  for (const url of probes) {
    assert.ok(await answers(url), url);
    assert.is(await answers(onIpv6(url)), hasIpv6, onIpv6(url));
  }
  assert.is(await api.stop(), 0);
});

if (hasIpv6)
  test('HOST=::1 is loopback, and OPS_HOST puts the ops port elsewhere', async () => {
    const env = { HOST: '::1', OPS_HOST: '127.0.0.1' };
    const api = await startOnsale({ roles: ['query'], ...backends.urls, env });
    assert.ok(await answers(onIpv6(`${api.url}/readyz`)));
    assert.not.ok(await answers(`${api.url}/readyz`));
    assert.not.ok(await answers(onIpv6(`${api.opsUrl}/readyz`)));
    assert.is(await api.stop(), 0);
  });

/** The `serve` commands of the README as typed on one host: roles and environment variables. */
const readmeLines = [
  ...readFileSync(join(paths.root, 'README.md'), 'utf8').matchAll(
    /^(\w+=.*) npx onsale serve ([a-z ]+?) +#/gm,
  ),
].map(([, front = '', roles = '']) => ({
  roles: roles.split(' ').flatMap((word) => parseRole(word) ?? []),
  env: Object.fromEntries(front.split(' ').map((pair) => pair.split('='))),
}));

test('the lines of the README run beside each other on one host', async () => {
  assert.is(readmeLines.length, 2);
  // The ports of the README may be in use here, so each is replaced by a free one, the same port always by
  // the same.
  const ports = new Map<string, string>();
  const portFor = async (wanted: string): Promise<string> => {
    const port = ports.get(wanted) ?? String(await freePort());
    ports.set(wanted, port);
    return port;
  };
  const running: Onsale[] = [];
  for (const { roles, env } of readmeLines) {
    const { PORT = '3000', OPS_PORT = '3001' } = env;
    const opsPort = await portFor(OPS_PORT);
    const own = { PORT: await portFor(PORT), OPS_PORT: opsPort };
    running.push(await startOnsale({ roles, ...backends.urls, env: own, opsPort: Number(opsPort) }));
  }
  assert.equal(await Promise.all(running.map((process) => process.stop())), [0, 0]);
});

test('ports that the system chose are in the log', async () => {
  const env = { PORT: '0', OPS_HOST: '127.0.0.1' };
  const api = await startOnsale({ roles: ['query'], ...backends.urls, env });
  const readyLine = () => api.log.find((text) => text.includes('"ready"'));
  try {
    // The process answers readyz before its log has come here.
    assert.ok(await waitUntil(() => readyLine() !== undefined, { limitMs: 10_000 }));
    const { port, opsPort } = JSON.parse(readyLine() ?? '');
    assert.ok(await answers(`http://127.0.0.1:${port}/readyz`));
    assert.is(`http://127.0.0.1:${opsPort}`, api.opsUrl);
  } finally {
    assert.is(await api.stop(), 0);
  }
});

test('a port that is taken ends the start with one line: the setting, the address, and what to do', async () => {
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const env = {
    REDIS_URL: backends.urls.redisUrl,
    DATABASE_URL: backends.urls.databaseUrl,
    ONSALE_ID_KEYS: testIdKey,
    LOG_LEVEL: 'silent',
    PORT: String(await freePort()),
    OPS_PORT: String(await freePort()),
  };
  const saying = async (roles: readonly string[], more: Readonly<Record<string, string>>) => {
    const { code, output } = await runOnsale(['serve', ...roles], { ...env, ...more });
    assert.is(code, 1, output);
    return output;
  };
  const taken = `is taken on 127.0.0.1`;
  assert.is(
    await saying(['projector'], { OPS_PORT: String(port) }),
    `onsale: OPS_PORT=${port} ${taken}: each process of a host needs an OPS_PORT of its own (OPS_PORT=0 lets the system choose)\n`,
  );
  assert.is(
    await saying(['query'], { PORT: String(port) }),
    `onsale: PORT=${port} ${taken}: stop what listens there, or set another port (PORT=0 lets the system choose)\n`,
  );
  other.close();
  assert.match(
    await saying(['query'], { PORT: env.OPS_PORT }),
    `PORT=${env.OPS_PORT} ${taken}: OPS_PORT of this process is the same`,
  );
  assert.match(
    await saying(['query'], { OPS_HOST: '203.0.113.1' }),
    'onsale: OPS_HOST=203.0.113.1 is no address of this machine',
  );
});
