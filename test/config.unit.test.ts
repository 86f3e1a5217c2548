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

test('believing headers is refused on any address but loopback, unless it is meant', () => {
  assert.is(problemsOf({ HOST: '0.0.0.0' }).length, 1);
  assert.equal(problemsOf({ HOST: '0.0.0.0', ONSALE_LOCAL_ANYWHERE: 'true' }), []);
  assert.equal(problemsOf({ HOST: '::1' }), []);
});

test('the reference page lists exactly the variables that are read', () => {
  const page = readFileSync(new URL('../docs/reference/configuration.md', import.meta.url), 'utf8');
  const listed = new Set(page.match(/`[A-Z][A-Z_]*[A-Z](?=[`=])/g)?.map((text) => text.slice(1)));
  assert.equal([...listed].sort(), [...variables].sort());
});
