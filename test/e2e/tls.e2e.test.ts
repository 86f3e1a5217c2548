import { freePort } from '../../infra/local/free-port.ts';
import { openNodes } from '../../src/log/cluster/open-nodes.ts';
import { parseClusterUrl } from '../../src/log/connection/redis-url.ts';
import { openRepairStore } from '../../src/store/repair/open-repair-store.ts';
import { newLogger } from '../../src/telemetry/logger.ts';
import { type Authority, type Certificate, newAuthority } from '../support/certificates.ts';
import { call, openShow } from '../support/client.ts';
import { type Onsale, runOnsale, startOnsale } from '../support/onsale.ts';
import { type OwnServer, startOwnMariadb, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('TLS to servers with certificates of one’s own', { timeoutMs: 60_000 });

const logger = newLogger({ level: 'silent', roles: ['test'] });

interface TlsServer {
  readonly server: OwnServer;
  readonly url: string;
}

let ours: Authority;
let strangers: Authority;
let redis: TlsServer;
let mariadb: TlsServer;
let elsewhere: TlsServer;

const secureRedis = async ({ keyFile, certFile }: Certificate): Promise<TlsServer> => {
  const port = await freePort();
  const server = await startOwnRedis({
    settings: {
      'tls-port': String(port),
      'tls-key-file': keyFile,
      'tls-cert-file': certFile,
      'tls-ca-cert-file': ours.caFile,
      'tls-auth-clients': 'no',
    },
  });
  return { server, url: `rediss://127.0.0.1:${port}` };
};

const secureMariadb = async ({ keyFile, certFile }: Certificate): Promise<TlsServer> => {
  const server = await startOwnMariadb({
    settings: { 'ssl-key': keyFile, 'ssl-cert': certFile, 'ssl-ca': ours.caFile },
  });
  return { server, url: server.url.replace('127.0.0.1', 'localhost') };
};

test.before(async () => {
  ours = newAuthority();
  strangers = newAuthority();
  const here = ours.certify('IP:127.0.0.1', 'DNS:localhost');
  [redis, mariadb, elsewhere] = await Promise.all([
    secureRedis(here),
    secureMariadb(here),
    secureRedis(ours.certify('DNS:elsewhere.example')),
  ]);
});

test.after(async () => {
  await Promise.all([redis, mariadb, elsewhere].map(({ server }) => server.remove()));
});

const trusting = (authority: Authority) => ({
  ONSALE_REDIS_CA_FILE: authority.caFile,
  ONSALE_DATABASE_CA_FILE: authority.caFile,
});

test('a sale over TLS: migrated, decided, looked at', async () => {
  const urls = { REDIS_URL: redis.url, DATABASE_URL: mariadb.url };
  const migrated = await runOnsale(['migrate'], {
    DATABASE_URL: urls.DATABASE_URL,
    ONSALE_DATABASE_CA_FILE: ours.caFile,
  });
  assert.is(migrated.code, 0, migrated.output);
  const options = { redisUrl: redis.url, databaseUrl: mariadb.url, env: trusting(ours) };
  const processes: Onsale[] = [];
  try {
    processes.push(await startOnsale({ roles: ['projector'], ...options }));
    const api = await startOnsale({ roles: ['command', 'query'], ...options });
    processes.push(api);
    const showId = await openShow(api.url, { stalls: 10 });
    const body = { showId, lines: [{ poolId: 'stalls', quantity: 2 }] };
    const answer = await call(`${api.url}/v1/reservations`, { customer: 'alice', wait: 30, body });
    assert.is(answer.body['status'], 'confirmed');
    const looked = await runOnsale(['inspect', '--json'], { ...urls, ...trusting(ours) });
    assert.not.match(looked.output, '"away"');
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
  }
});

const messageOf = (working: Promise<{ close(): Promise<void> }>): Promise<string> =>
  working.then(
    async (opened) => {
      await opened.close();
      return 'opened';
    },
    (error: unknown) => String(error),
  );

const redisBy = ({ url }: TlsServer, authority: Authority): Promise<string> =>
  messageOf(openNodes({ url: `${url}?ca=${encodeURIComponent(authority.caFile)}`, name: 'test', logger }));

test('Redis is refused when a stranger signed its certificate, or when that names another host', async () => {
  assert.is(await redisBy(redis, ours), 'opened');
  assert.match(
    await redisBy(redis, strangers),
    /cannot use Redis at .*(self-signed|signature|issuer|verify)/,
  );
  assert.match(await redisBy(elsewhere, ours), /cannot use Redis at .*(does not match|not in the cert)/);
});

test('a file of certificates that cannot be read is said in a line', async () => {
  const url = `${redis.url}?ca=/nowhere/ca.pem`;
  assert.match(await messageOf(openNodes({ url, name: 'test', logger })), /cannot use Redis at .*ENOENT/);
});

const databaseBy = (url: string, authority: Authority): Promise<string> =>
  messageOf(openRepairStore(`${url}?ca=${encodeURIComponent(authority.caFile)}`));

test('the database is refused when a stranger signed its certificate, or when it has none that is known', async () => {
  assert.is(await databaseBy(mariadb.url, ours), 'opened');
  assert.match(
    await databaseBy(mariadb.url, strangers),
    /cannot use the database .*(self-signed|signature|issuer)/,
  );
  const plain = process.env['ONSALE_TEST_DATABASE_URL'] ?? '';
  assert.match(await databaseBy(plain, ours), /cannot use the database .*(secure|SSL|TLS|self-signed)/i);
});

test('every node of a cluster is judged by the same certificates', () => {
  const { urlOf } = parseClusterUrl('rediss+cluster://me:secret@a:7000?nodes=b:7001&ca=/etc/onsale/ca.pem');
  assert.is(urlOf('b:7001'), 'rediss://me:secret@b:7001?ca=%2Fetc%2Fonsale%2Fca.pem');
});
