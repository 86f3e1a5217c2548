import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assert, suite } from '../support/suite.ts';
import { type Files, root } from './lint-files.ts';

const test = suite('house: unused code');

const manifest = { name: 'fixture', type: 'module', dependencies: { 'left-pad': '1.0.0' } };

const files: Files = {
  'package.json': JSON.stringify(manifest),
  'src/main.ts': "import { used } from './log/used.ts';\n\nused();\n",
  'src/log/used.ts':
    'export const used = (): number => 1;\nexport const nobodys = 2;\nexport type Nobodys = 3;\n',
  'src/log/island.ts': 'export const alone = 1;\n',
  'src/log/proved.ts': 'export const proved = 1;\n',
  'test/log/proved.unit.test.ts': "import { proved } from '../../src/log/proved.ts';\n\nString(proved);\n",
};

let directory = '';
let complaints: readonly string[] = [];
let exitCode: unknown;

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'onsale-knip-'));
  await cp(join(root, 'knip.json'), join(directory, 'knip.json'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const command = [join(root, 'node_modules/knip/bin/knip.js'), '--reporter=compact', '--no-config-hints'];
  await new Promise<void>((resolve) => {
    execFile(process.execPath, command, { cwd: directory }, (error, stdout) => {
      exitCode = error?.code;
      complaints = stdout.split('\n').filter((line) => line !== '');
      resolve();
    });
  });
});

test.after(() => rm(directory, { recursive: true, force: true }));

const complainsOf = (name: string): boolean => complaints.some((line) => line.includes(name));

test('a file that nothing reaches is refused', () => assert.ok(complainsOf('src/log/island.ts')));

test('an export that nobody imports is refused', () => assert.ok(complainsOf('nobodys')));

test('a type that nobody uses is refused', () => assert.ok(complainsOf('Nobodys')));

test('a dependency that nobody imports is refused', () => assert.ok(complainsOf('left-pad')));

test('any of these fails the lint step', () => assert.is(exitCode, 1));

test('an export that only a test uses is fine', () => assert.not(complainsOf('proved')));
