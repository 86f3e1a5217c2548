import { assert, suite } from '../support/suite.ts';
import { type Files, type Finding, lintFiles } from './lint-files.ts';
import { impurities } from './pure-rooms.ts';
import { neighbours, violations } from './violations.ts';

const test = suite('house: lint rules');

/** Code that the rules must accept: a rule that refuses everything would pass the tests above. */
const clean: Files = {
  'src/domain/clean.ts':
    'export type Id = string;\nexport const parseId = (text: unknown): Id => text as Id;\n',
  'src/command/clean.ts':
    "import { createHash } from 'node:crypto';\nexport const digest = (text: string, ms: number): string =>\n  createHash('sha256').update(text).digest('hex') + new Date(ms).toISOString() + Math.max(Date.parse(text), 1);\n",
  'src/projector/clean.ts': "export const order = ['read', 'decide', 'commit', 'publish'] as const;\n",
  'src/log/clean.ts': 'export const now = (): number => Date.now() + Math.random();\n',
  'src/lease/clean.ts':
    "import type { Redis } from 'ioredis';\nexport const leave = async (redis: Redis): Promise<void> => {\n  redis.disconnect();\n  await redis.quit();\n};\n",
  'src/http/clean.ts': 'export const limits = { bodyBytes: 16_384 } satisfies Record<string, number>;\n',
  'src/cli/clean.ts': "export const print = (): void => console.log('x');\n",
  'infra/local/clean.ts': "export const print = (): void => console.log('x');\n",
  'test/support/suite.ts': "export * as assert from 'uvu/assert';\n",
  'test/support/run.ts': "export const print = (): void => console.log('x');\n",
  'test/log/thorough.unit.test.ts': `export const long = (): void => {\n${'  String(1);\n'.repeat(100)}};\n`,
  'drizzle.config.ts': "export default { dialect: 'mysql' };\n",
};

const refused = [...violations, ...impurities];
let findings: readonly Finding[] = [];

test.before(async () => {
  const files = Object.fromEntries(refused.map(({ path, text }) => [path, `${text}\n`]));
  findings = await lintFiles({ ...neighbours, ...clean, ...files });
});

const rulesAt = (path: string): readonly string[] =>
  findings.filter((finding) => finding.path === path).map(({ rule }) => rule);

for (const { promise, rule, path } of refused) {
  test(promise, () => {
    assert.ok(rulesAt(path).includes(rule), `${path}: expected ${rule}, got [${rulesAt(path)}]`);
  });
}

test('what the rules allow passes, in every room', () => {
  const allowed = new Set(Object.keys(clean));
  assert.equal(
    findings.filter(({ path }) => allowed.has(path)),
    [],
  );
});
