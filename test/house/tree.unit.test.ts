import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { assert, suite } from '../support/suite.ts';
import { root } from './lint-files.ts';

const test = suite('house: the tree');

const rooms = [
  'audit',
  'cli',
  'client',
  'command',
  'domain',
  'http',
  'lease',
  'log',
  'projector',
  'query',
  'shared',
  'store',
  'telemetry',
];
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'LICENSE',
];
const settings = ['biome.json', 'drizzle.config.ts', 'knip.json', 'package-lock.json', 'package.json'];
const compilers = ['tsconfig.build.json', 'tsconfig.json'];
const folders = ['docs', 'infra', 'packages', 'src', 'test'];
const infra = [
  'local',
  'docker',
  'compose.yaml',
  'k8s',
  'redis',
  'mysql',
  'otel',
  'grafana',
  'prometheus',
  'migrations',
];

const entries = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(root, folder))).filter((name) => !name.startsWith('.')).sort();

/** Files written by people; migrations and the client's types are generated. */
const written = async (): Promise<readonly string[]> => {
  const found = await Promise.all(
    ['src', 'test', 'infra'].map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((path) => join(folder, path)),
    ),
  );
  const kinds = ['.ts', '.mjs', '.lua', '.sql', '.grit', '.sh'];
  const isGenerated = (path: string): boolean =>
    path.startsWith('infra/migrations') || path === 'src/client/schema.ts';
  return found.flat().filter((path) => kinds.includes(extname(path)) && !isGenerated(path));
};

const linesOf = async (path: string): Promise<readonly string[]> =>
  (await readFile(join(root, path), 'utf8')).trimEnd().split('\n');

test('the top level holds what the map names, and nothing else', async () => {
  const ignored = await linesOf('.gitignore');
  const here = (await entries('.')).filter(
    (name) => !ignored.includes(name) && !ignored.includes(`${name}/`) && extname(name) !== '.tgz',
  );
  assert.equal(here, [...documents, ...settings, ...compilers, ...folders].sort());
});

test('src holds the rooms, config and main', async () => {
  assert.equal(await entries('src'), [...rooms, 'config', 'config.ts', 'main.ts'].sort());
});

test('docs and infra hold no folder that the map does not name', async () => {
  const docs = ['adr', 'benchmarks', 'guide', 'operating', 'reference'];
  assert.equal(
    (await entries('docs')).filter((name) => !docs.includes(name)),
    [],
  );
  assert.equal(
    (await entries('infra')).filter((name) => ![...infra, 'lint'].includes(name)),
    [],
  );
});

test('log, lease and store each open with a contract', async () => {
  for (const room of ['log', 'lease', 'store'])
    assert.ok((await entries(`src/${room}`)).includes('contract.ts'), room);
});

test('no file is longer than 250 lines, in any language', async () => {
  const paths = await written();
  const lengths = await Promise.all(
    paths.map(async (path) => ({ path, lines: (await linesOf(path)).length })),
  );
  assert.equal(
    lengths.filter(({ lines }) => lines > 250),
    [],
  );
});

test('no file puts work off with a comment', async () => {
  const putOff = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
  const paths = await written();
  const found = await Promise.all(
    paths.map(async (path) =>
      (await linesOf(path)).filter((line) => putOff.test(line)).map((line) => [path, line]),
    ),
  );
  assert.equal(found.flat(), []);
});

test('no name hides what a file does', async () => {
  const vague = /(?:^|[/-])(?:utils?|helpers?|managers?|services?|handlers?|common|misc)(?:[/.-]|$)/;
  assert.equal(
    (await written()).filter((path) => vague.test(path)),
    [],
  );
});
