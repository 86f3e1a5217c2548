import { readFileSync } from 'node:fs';
import { parseConfig, variables } from '../src/config.ts';
import { assert, suite } from './support/suite.ts';

const test = suite('configuration');

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  const verdict = parseConfig(environment, []);
  return verdict.type === 'invalid' ? verdict.problems : [];
};

test('a process that needs nothing starts on defaults alone', () => {
  const verdict = parseConfig({}, []);
  assert.is(verdict.type === 'valid' && verdict.config.partitions, 16);
});

test('every problem is told at once, with the variable and what would be right', () => {
  const environment = {
    ONSALE_PARTITIONS: '0',
    ONSALE_DURABILITY: 'maybe',
    REDIS_URL: 'http://x',
    ONSALE_PARTITONS: '4',
  };
  const verdict = parseConfig(environment, ['databaseUrl']);
  const problems = verdict.type === 'invalid' ? verdict.problems.join('\n') : '';
  for (const told of [
    'ONSALE_PARTITIONS must be a whole number from 1 to 4096',
    'ONSALE_DURABILITY must be disk or replicated',
    'REDIS_URL must be a URL like redis://',
    'ONSALE_PARTITONS is not a setting',
    'DATABASE_URL is not set',
  ]) {
    assert.ok(problems.includes(told), told);
  }
});

test('a secret is never repeated in a problem', () => {
  assert.not(problemsOf({ ONSALE_ID_KEYS: 'short-secret' }).join().includes('short-secret'));
});

test('certificates to judge Redis by are refused where it is not asked for one', () => {
  const files = { ONSALE_REDIS_CA_FILE: '/ca.pem', ONSALE_DATABASE_CA_FILE: '/ca.pem' };
  assert.match(problemsOf({ ...files, REDIS_URL: 'redis://a:1' }).join(), 'must begin with rediss:');
  for (const url of ['rediss://a:1', 'rediss+cluster://a:1'])
    assert.equal(problemsOf({ ...files, REDIS_URL: url }), []);
});

test('believing headers is refused on any address but loopback, unless it is meant', () => {
  assert.is(problemsOf({ HOST: '0.0.0.0' }).length, 1);
  assert.equal(problemsOf({ HOST: '0.0.0.0', ONSALE_LOCAL_ANYWHERE: 'true' }), []);
  assert.equal(problemsOf({ HOST: '::1' }), []);
});

const settingsOf = (environment: Record<string, string>) => {
  const verdict = parseConfig(environment, []);
  if (verdict.type === 'invalid') throw new Error(verdict.problems.join());
  return verdict.config;
};

const secret = 'a secret of more than 32 bytes, of course';
const jwt = {
  ONSALE_AUTH: 'jwt',
  ONSALE_JWT_ISSUER: 'https://login.example/',
  ONSALE_JWT_AUDIENCE: 'onsale',
};
const jwksUrl = 'https://login.example/keys';

test('tokens need one source of keys, an issuer and an audience', () => {
  for (const source of [{ ONSALE_JWT_SECRET: secret }, { ONSALE_JWT_JWKS_URL: jwksUrl }]) {
    const config = settingsOf({ ...jwt, ...source, HOST: '0.0.0.0' });
    assert.equal([config.auth, config.jwtClockToleranceSeconds], ['jwt', 30]);
    assert.is(config.jwtSecret || config.jwtJwksUrl, Object.values(source)[0]);
  }
  assert.match(problemsOf(jwt).join(), 'needs ONSALE_JWT_JWKS_URL or ONSALE_JWT_SECRET');
  const both = { ...jwt, ONSALE_JWT_SECRET: secret, ONSALE_JWT_JWKS_URL: jwksUrl };
  assert.match(problemsOf(both).join(), 'one of them, not both');
  const neither = problemsOf({ ONSALE_AUTH: 'jwt', ONSALE_JWT_SECRET: secret }).join();
  for (const name of ['ONSALE_JWT_ISSUER', 'ONSALE_JWT_AUDIENCE']) assert.match(neither, name);
});

test('keys for tokens while headers are believed are a mistake, not a surprise', () => {
  assert.match(problemsOf({ ONSALE_JWT_SECRET: secret }).join(), 'set ONSALE_AUTH=jwt');
});

test('a secret of under 32 bytes and an address with a password are refused, and not repeated', () => {
  const short = problemsOf({ ...jwt, ONSALE_JWT_SECRET: 'too short a secret' }).join();
  assert.match(short, 'ONSALE_JWT_SECRET must be a secret of at least 32 bytes');
  assert.not(short.includes('too short'));
  const url = problemsOf({ ...jwt, ONSALE_JWT_JWKS_URL: 'https://me:hush@login.example/keys' }).join();
  assert.match(url, 'ONSALE_JWT_JWKS_URL must be');
  assert.not(url.includes('hush'));
  const both = { ...jwt, ONSALE_JWT_SECRET: secret, ONSALE_JWT_JWKS_URL: jwksUrl };
  assert.not(problemsOf(both).join().includes(secret));
});

test('origins are exact, or * alone', () => {
  assert.equal(settingsOf({}).corsOrigins, []);
  assert.equal(settingsOf({ ONSALE_CORS_ORIGINS: '*' }).corsOrigins, ['*']);
  assert.equal(settingsOf({ ONSALE_CORS_ORIGINS: 'https://a.example, http://localhost:5173' }).corsOrigins, [
    'https://a.example',
    'http://localhost:5173',
  ]);
  for (const wrong of [
    'https://a.example/',
    'https://*.a.example/x',
    'a.example',
    'null',
    '*,https://a.example',
    'HTTPS://A.example',
  ])
    assert.is(problemsOf({ ONSALE_CORS_ORIGINS: wrong }).length, 1, wrong);
});

test('rate limits have a rate and maybe a burst, and are off when unset', () => {
  const { rateLimitCustomer, rateLimitAddress } = settingsOf({ ONSALE_RATE_LIMIT_CUSTOMER: '2.5' });
  assert.equal([rateLimitCustomer, rateLimitAddress], [{ perSecond: 2.5, burst: 3 }, undefined]);
  const { rateLimitAddress: given } = settingsOf({ ONSALE_RATE_LIMIT_ADDRESS: '0.5:20' });
  assert.equal(given, { perSecond: 0.5, burst: 20 });
  for (const wrong of ['0', '-1', '5/s', '5:0', '5:', ':5', '1e3', '5:2.5'])
    assert.is(problemsOf({ ONSALE_RATE_LIMIT_ADDRESS: wrong }).length, 1, wrong);
});

test('proxies are counted or named', () => {
  const trusted = (text: string) => settingsOf({ ONSALE_TRUST_PROXY: text }).trustProxy;
  assert.is(trusted(''), undefined);
  assert.is(trusted('2'), 2);
  assert.equal(trusted('10.0.0.0/8, 192.0.2.1,fd00::/8'), ['10.0.0.0/8', '192.0.2.1', 'fd00::/8']);
  for (const wrong of ['0', 'true', '10', '10.0.0.0/33', '10.0.0.0/', 'fd00::/129', '10.0.0.0/8/8', 'proxy'])
    assert.is(problemsOf({ ONSALE_TRUST_PROXY: wrong }).length, 1, wrong);
});

test('the reference page lists exactly the variables that are read', () => {
  const page = readFileSync(new URL('../docs/reference/configuration.md', import.meta.url), 'utf8');
  const listed = new Set(page.match(/`[A-Z][A-Z_]*[A-Z](?=[`=])/g)?.map((text) => text.slice(1)));
  assert.equal([...listed].sort(), [...variables].sort());
});
