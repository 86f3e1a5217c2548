import { readFileSync } from 'node:fs';
import { effectiveOf } from '../src/config/effective.ts';
import { described, parseConfig, variables } from '../src/config.ts';
import { pageUrl, withTable } from './reference/configuration-page.ts';
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

test('the URL of a socket is taken, with and without a user', () => {
  for (const url of ['redis+unix:///run/redis.sock', 'unix://me:hush@/run/redis.sock?db=1'])
    assert.equal(problemsOf({ REDIS_URL: url }), []);
});

test('a URL that a driver could not decode is refused by name, with what to write instead', () => {
  for (const url of ['redis://:100%@a:1', 'redis://u%zz@a:1', 'redis+cluster://:%ff@a:1'])
    assert.match(problemsOf({ REDIS_URL: url }).join(), /^REDIS_URL must be .*write % as %25/);
  for (const url of [
    'mysql://u:50%@a:1/x',
    'mysql://u:p@a:1/100%',
    'mysql://u:a/b@a:1/x',
    'mysql://u:a#b@a:1/x',
  ])
    assert.match(
      problemsOf({ DATABASE_URL: url }).join(),
      /^DATABASE_URL must be .*write % as %25, \/ as %2F/,
    );
  const encoded = { REDIS_URL: 'redis://:100%25@a:1', DATABASE_URL: 'mysql://u:50%25%2F%23@a:1/x' };
  assert.equal(problemsOf(encoded), []);
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

test('certificates to judge a replica by are refused where there is none', () => {
  const file = { ONSALE_DATABASE_READ_CA_FILE: '/ca.pem' };
  assert.match(problemsOf(file).join(), 'DATABASE_READ_URL is not');
  assert.equal(problemsOf({ ...file, DATABASE_READ_URL: 'mysql://a:1/x' }), []);
});

test('believing headers is refused on any address but loopback, unless it is meant', () => {
  assert.is(problemsOf({ HOST: '0.0.0.0' }).length, 1);
  assert.equal(problemsOf({ HOST: '0.0.0.0', ONSALE_LOCAL_ANYWHERE: 'true' }), []);
  assert.equal(problemsOf({ HOST: '::1' }), []);
  assert.is(problemsOf({ HOST: '::' }).length, 1);
  assert.equal(problemsOf({ HOST: '::', OPS_HOST: '10.0.0.7', ONSALE_LOCAL_ANYWHERE: 'true' }), []);
});

test('a share is a decimal number', () => {
  for (const wrong of ['0x1', '1_0', 'Infinity', '0b1', '+1', '1,0', '--1', '1e', 'true'])
    assert.is(problemsOf({ OTEL_TRACES_SAMPLER_ARG: wrong }).length, 1, wrong);
  for (const good of ['0', '1', '1.0', '.5', '0.01', '1e-3'])
    assert.is(settingsOf({ OTEL_TRACES_SAMPLER_ARG: good }).tracesRatio, Number(good));
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

test('the table of the reference page is made from the settings: `npm run reference` makes it so', () => {
  const page = readFileSync(pageUrl, 'utf8');
  assert.is(page, withTable(page));
});

test('the reference page lists exactly the variables that are read', () => {
  const page = readFileSync(pageUrl, 'utf8');
  const listed = new Set(page.match(/`[A-Z][A-Z_]*[A-Z](?=[`=])/g)?.map((text) => text.slice(1)));
  assert.equal([...listed].sort(), [...variables].sort());
});

test('who mistypes a name is told the nearest; far from every name nobody guesses', () => {
  assert.match(problemsOf({ ONSALE_PARTITONS: '4' }).join(), 'did you mean ONSALE_PARTITIONS?');
  assert.match(problemsOf({ ONSALE_JWT_ISUER: 'x' }).join(), 'did you mean ONSALE_JWT_ISSUER?');
  assert.equal(problemsOf({ ONSALE_X: '4' }), ['ONSALE_X is not a setting of onsale']);
});

test('risks are accepted by name, and only those there are', () => {
  assert.equal(settingsOf({ ONSALE_ACCEPT_RISK: 'appendfsync, sync_binlog' }).acceptRisk, [
    'appendfsync',
    'sync_binlog',
  ]);
  for (const wrong of ['all', 'appendfsync,', 'schema', 'partitions'])
    assert.match(problemsOf({ ONSALE_ACCEPT_RISK: wrong }).join(), 'ONSALE_ACCEPT_RISK must be some of');
});

const shown = (variable: string, given?: string) => {
  const setting = described.find((each) => each.variable === variable);
  if (setting === undefined) throw new Error(`${variable} is not described`);
  const { value, source } = effectiveOf(setting, given);
  return [value, source];
};

test('a setting is shown with where it comes from, and nothing secret with it', () => {
  assert.equal(shown('PORT'), ['3000', 'default']);
  assert.equal(shown('PORT', '4000'), ['4000', 'environment']);
  assert.equal(shown('ONSALE_JWT_ISSUER'), [undefined, 'default']);
  assert.equal(shown('REDIS_URL', 'rediss://me:hush@cache:6380/1'), [
    'rediss://me:***@cache:6380/1',
    'environment',
  ]);
  assert.is(
    shown('REDIS_URL', 'redis+cluster://a:1?nodes=b:2,c:3&key=hush')[0],
    'redis+cluster://a:1?nodes=b:2,c:3&key=***',
  );
  assert.is(
    shown('REDIS_URL', 'redis+unix://me:hu@sh@/run/r.sock?db=1')[0],
    'redis+unix://me:***@/run/r.sock?db=1',
  );
  assert.is(shown('REDIS_URL', 'unix:///run/r.sock?password=hush')[0], 'unix:///run/r.sock?password=***');
  assert.is(
    shown('DATABASE_URL', 'mysql://me:hush@db/onsale?ssl=hush')[0],
    'mysql://me:***@db/onsale?ssl=***',
  );
  assert.is(shown('ONSALE_ID_KEYS', `${'a'.repeat(32)},${'b'.repeat(32)}`)[0], '***,***');
  assert.is(shown('ONSALE_JWT_SECRET', secret)[0], '***');
});

test('a value that is not allowed is not shown: it may be a secret in the wrong place', () => {
  assert.not(String(shown('PORT', 'hush')[0]).includes('hush'));
  assert.not(String(shown('ONSALE_ID_KEYS', 'hush')[0]).includes('hush'));
});

test('an address to listen on has no port and no brackets, and the message says so', () => {
  for (const host of ['localhost', 'api-1.internal', '127.0.0.1', '::1', 'fe80::1%eth0'])
    assert.equal(problemsOf({ OPS_HOST: host }), [], host);
  for (const host of ['[::1]', '127.0.0.1:3001', 'http://127.0.0.1', 'a b', '*', '.'])
    for (const variable of ['HOST', 'OPS_HOST'])
      assert.match(
        problemsOf({ [variable]: host }).join(),
        `${variable} must be an address or name without a port, like 127.0.0.1, 0.0.0.0 or ::; IPv6 without brackets`,
      );
});
