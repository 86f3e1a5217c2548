import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../../infra/local/paths.ts';
import { createDatabase } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

// Without what `npm test` hands down: its own settings, those of this repository's .npmrc, and the package of the npx that
// brings another Node, which an npx inside it would look for as well.
const handedDown = ['npm_config_engine_strict', 'npm_config_package'];
const isOwn = (name: string): boolean => name.startsWith('ONSALE_') || handedDown.includes(name);
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOwn(name)));
const run = (program: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}) =>
  promisify(execFile)(program, args, { cwd, env: { ...env, ...more } });

const test = suite('the package', { timeoutMs: 120_000 });

const dir = mkdtempSync(join(process.env['ONSALE_TEST_DIR'] ?? tmpdir(), 'onsale-package-'));

test.after(() => rmSync(dir, { recursive: true, force: true }));

test('packed and installed into an empty project, `npx onsale` knows its version and can migrate', async () => {
  await run('npm', ['pack', '--pack-destination', dir], paths.root);
  const [tarball = ''] = readdirSync(dir).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'empty', private: true }));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, `./${tarball}`], dir);
  const { version }: { version: string } = JSON.parse(readFileSync(join(paths.root, 'package.json'), 'utf8'));
  const shown = await run('npx', ['--no-install', 'onsale', 'version'], dir);
  assert.is(shown.stdout.trim(), version);
  // The migrations travel with it, and so does every SQL file they need.
  const database = await createDatabase();
  try {
    const own = { DATABASE_URL: database.url };
    const migrated = await run('npx', ['--no-install', 'onsale', 'migrate'], dir, own);
    assert.match(migrated.stdout, 'the schema is up to date now');
  } finally {
    await database.drop();
  }
});
