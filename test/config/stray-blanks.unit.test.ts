import { defaultText, effectiveOf } from '../../src/config/effective.ts';
import { described, parseConfig } from '../../src/config.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('configuration: line breaks and blanks');

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  const verdict = parseConfig(environment, []);
  return verdict.type === 'invalid' ? verdict.problems : [];
};

/** A value that is allowed, of every setting. */
const goodValues: Readonly<Record<string, string>> = {
  REDIS_URL: 'redis://me:hush@127.0.0.1:6379',
  DATABASE_URL: 'mysql://me:hush@127.0.0.1:3306/onsale',
  ONSALE_REDIS_CA_FILE: '/ca.pem',
  ONSALE_DATABASE_CA_FILE: '/ca.pem',
  ONSALE_ACCEPT_RISK: 'appendonly,sql_mode',
  ONSALE_JWT_JWKS_URL: 'https://login.example/keys',
  ONSALE_JWT_SECRET: 'hush, a secret of more than 32 bytes',
  ONSALE_JWT_ISSUER: 'https://login.example/',
  ONSALE_JWT_AUDIENCE: 'onsale',
  ONSALE_ID_KEYS: 'hush, a key of more than 32 characters, hush, another of more than 32 characters',
  ONSALE_CORS_ORIGINS: 'https://a.example, https://b.example',
  ONSALE_RATE_LIMIT_CUSTOMER: '0.5:20',
  ONSALE_RATE_LIMIT_ADDRESS: '5',
  ONSALE_TRUST_PROXY: '10.0.0.0/8, 192.0.2.1',
  ONSALE_OPS_PEERS: 'http://127.0.0.1:3001',
};

for (const setting of described) {
  const { variable } = setting;
  test(`${variable} with a line break or a blank at its ends is refused, and says what to do`, () => {
    const good = goodValues[variable] ?? defaultText(setting) ?? '5';
    const about = (value: string) =>
      problemsOf({ [variable]: value }).filter((one) => one.startsWith(variable));
    const isSaid = (value: string): boolean => about(value).some((one) => /line break|a blank/.test(one));
    assert.not(isSaid(good), `${about(good)}`);
    for (const value of [
      `${good}\n`,
      `${good}\r\n`,
      `${good}\r`,
      `\n${good}`,
      `${good.slice(0, -1)}\n${good.slice(-1)}`,
      '\n',
      `${good}\u2028`,
    ]) {
      assert.is(about(value).length, 1, JSON.stringify(value));
      assert.match(
        about(value).join(),
        /^[A-Z_]+ holds a line break, as echo adds one: make the value with printf/,
      );
    }
    for (const value of [
      `${good} `,
      ` ${good}`,
      `${good}\t`,
      `\t${good}`,
      `\ufeff${good}`,
      `${good}\u00a0`,
      ' ',
    ]) {
      assert.is(about(value).length, 1, JSON.stringify(value));
      assert.match(about(value).join(), /^[A-Z_]+ begins or ends with a blank: take it out$/);
      assert.not(about(value).join().includes('hush'));
      assert.is(effectiveOf(setting, value).value, '(not allowed, see below)');
    }
  });
}

test('a password that was percent-encoded with its line break is refused in the same words', () => {
  for (const url of [
    'redis://me:hush%0A@a:1',
    'redis://:hush%0d%0a@a:1',
    'redis+unix://me:hush%0A@/run/x.sock',
  ])
    assert.match(
      problemsOf({ REDIS_URL: url }).join(),
      /^REDIS_URL holds a line break \(%0A\) in a user or password/,
    );
  assert.match(
    problemsOf({ DATABASE_URL: 'mysql://me:hush%0A@a:1/x' }).join(),
    /^DATABASE_URL holds a line break/,
  );
  assert.equal(problemsOf({ DATABASE_URL: 'mysql://me:hush%250A@a:1/x' }), []);
});
