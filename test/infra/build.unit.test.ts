import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('build', { timeoutMs: 60_000 });

const root = mkdtempSync(join(tmpdir(), 'onsale-build-'));
test.after(() => rmSync(root, { recursive: true }));

const put = (file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};

/** A checkout of two files with our own compiler and settings. */
const checkout = (): void => {
  for (const file of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'infra/local/build.mjs',
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(paths.root, file), join(root, file));
  }
  symlinkSync(join(paths.root, 'node_modules'), join(root, 'node_modules'));
  put(
    'src/main.ts',
    "#!/usr/bin/env node\nimport { answer } from './answer.ts';\nprocess.stdout.write(String(answer));\n",
  );
  put('src/answer.ts', 'export const answer = 17;\n');
  put('src/log/scripts/append.lua', 'return 1\n');
  put('infra/migrations/0000_first.sql', 'SELECT 1;\n');
};
checkout();

const build = async (): Promise<number | null> => {
  const child = spawn(process.execPath, [join(root, 'infra/local/build.mjs')], { stdio: 'ignore' });
  await once(child, 'close');
  return child.exitCode;
};

const built = (file: string): string => readFileSync(join(root, 'dist', file), 'utf8');

test('two builds at once both end well, and dist is whole', async () => {
  assert.equal(await Promise.all([build(), build()]), [0, 0]);
  assert.match(built('main.js'), "from './answer.js'");
  assert.is(statSync(join(root, 'dist/main.js')).mode & 0o111, 0o111);
  assert.is(built('log/scripts/append.lua'), 'return 1\n');
  assert.is(built('migrations/0000_first.sql'), 'SELECT 1;\n');
  assert.ok(existsSync(join(root, 'dist/answer.d.ts')));
  assert.equal(
    readdirSync(root).filter((name) => name.startsWith('dist')),
    ['dist'],
  );
});

test('nothing is built when nothing changed, and a changed Lua file is a change', async () => {
  await build();
  const before = statSync(join(root, 'dist')).ino;
  assert.is(await build(), 0);
  assert.is(statSync(join(root, 'dist')).ino, before);
  put('src/log/scripts/append.lua', 'return 2\n');
  assert.is(await build(), 0);
  assert.is(built('log/scripts/append.lua'), 'return 2\n');
});

test('sources that do not compile fail the build and leave the last one in place', async () => {
  put('src/answer.ts', "export const answer: number = 'x';\n");
  assert.is(await build(), 1);
  assert.match(built('answer.js'), '17');
  assert.equal(
    readdirSync(root).filter((name) => name.startsWith('dist')),
    ['dist'],
  );
});
