import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { clientPackage, packed, run, unpack } from '../support/packed.ts';
import { startRunning } from '../support/running.ts';
import { createDatabase } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the packages', { timeoutMs: 300_000 });

const dir = mkdtempSync(join(process.env['ONSALE_TEST_DIR'] ?? tmpdir(), 'onsale-package-'));

test.after(() => rmSync(dir, { recursive: true, force: true }));

const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

/** An empty project in which the package file is installed. */
const projectWith = async (tarball: string): Promise<string> => {
  const project = mkdtempSync(join(dir, 'project-'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true }));
  await run('npm', ['install', ...quiet, tarball], project);
  return project;
};

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('packed and installed into an empty project, `npx onsale` knows its version and can migrate', async () => {
  const project = await projectWith(await packed(dir));
  const shown = await run('npx', ['--no-install', 'onsale', 'version'], project);
  assert.is(shown.stdout.trim(), manifestIn(paths.root).version);
  // The package contains the migrations and every SQL file that they need.
  const database = await createDatabase();
  try {
    const own = { DATABASE_URL: database.url };
    const migrated = await run('npx', ['--no-install', 'onsale', 'migrate'], project, own);
    assert.match(migrated.stdout, 'the schema is up to date now');
  } finally {
    await database.drop();
  }
});

/** The contents of a clone: nothing is built. */
const freshCheckout = (): string => {
  const clone = mkdtempSync(join(dir, 'clone-'));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: paths.root });
  for (const path of listed.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    cpSync(join(paths.root, path), join(clone, path));
  }
  symlinkSync(join(paths.root, 'node_modules'), join(clone, 'node_modules'));
  return clone;
};

test('a checkout that was never built packs all the same, both packages', async () => {
  const clone = freshCheckout();
  for (const [args, wanted] of [
    [[], ['dist/main.js', 'dist/client/client.d.ts', 'dist/migrations', 'LICENSE', 'README.md']],
    [clientPackage, ['dist/client/client.js', 'dist/client/client.d.ts', 'LICENSE', 'README.md']],
  ] as const) {
    const into = mkdtempSync(join(dir, 'content-'));
    await unpack(await packed(dir, { from: clone, args }), into);
    const files = filesIn(into);
    for (const path of wanted)
      assert.ok(
        files.some((file) => file.startsWith(join(into, path))),
        path,
      );
    const maps = files.filter((file) => file.endsWith('.map'));
    assert.ok(maps.length > 5);
    for (const map of maps) {
      const { sources, sourcesContent = [] } = JSON.parse(readFileSync(map, 'utf8'));
      assert.is(sourcesContent.length, sources.length, `${map} needs sources that are not in the package`);
    }
  }
});

test('both packages have one version, and the client is pinned to the same openapi-fetch', () => {
  const [service, client] = [manifestIn(paths.root), manifestIn(join(paths.root, 'packages/client'))];
  assert.is(client.version, service.version);
  assert.is(client.dependencies['openapi-fetch'], service.dependencies['openapi-fetch']);
});

const example = `
import { newClient } from 'onsale-client';
const client = newClient({ baseUrl: process.argv[2], headers: () => ({ 'x-customer-id': 'ann', 'x-admin': 'true' }) });
const show = await client.openShow({ name: 'A show', pools: [{ id: 'stalls', name: 'Stalls', capacity: 2 }] });
const asked = await client.reserve({ showId: show.data.id, lines: [{ poolId: 'stalls', quantity: 2 }] });
for await (const state of client.watch(asked.data.id)) console.log(state.data.status);
`;

test('the client installs alone, in less than two megabytes, and buys from a real service', async () => {
  const project = await projectWith(await packed(dir, { args: clientPackage }));
  const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
  assert.equal(installed.sort(), ['onsale-client', 'openapi-fetch', 'openapi-typescript-helpers']);
  const bytes = filesIn(join(project, 'node_modules')).reduce(
    (sum, file) => sum + readFileSync(file).length,
    0,
  );
  assert.ok(bytes < 2_000_000, `${bytes} bytes`);
  writeFileSync(join(project, 'buy.mjs'), example);
  const running = await startRunning();
  try {
    const bought = await run(process.execPath, ['buy.mjs', running.api], project);
    assert.is(bought.stdout.trim(), 'confirmed');
  } finally {
    await running.stop();
  }
});
