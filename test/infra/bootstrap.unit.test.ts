import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('bootstrap');

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const node = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome => {
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
};

const bootstrap = join(paths.root, 'infra/local/bootstrap.mjs');
const versionIs = (version: string): string =>
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'${version}'}})`;

/** A checkout with bootstrap alone, and an npm that only prints its arguments. */
const bareCheckout = (
  lock: object,
  installed?: object,
): { readonly dir: string; readonly env: NodeJS.ProcessEnv } => {
  const dir = mkdtempSync(join(tmpdir(), 'onsale-bare-'));
  mkdirSync(join(dir, 'infra/local'), { recursive: true });
  mkdirSync(join(dir, 'bin'));
  cpSync(bootstrap, join(dir, 'infra/local/bootstrap.mjs'));
  writeFileSync(join(dir, 'package-lock.json'), JSON.stringify({ packages: lock }));
  if (installed !== undefined) {
    mkdirSync(join(dir, 'node_modules'));
    writeFileSync(join(dir, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  writeFileSync(join(dir, 'bin/npm'), '#!/bin/sh\necho "npm was asked: $*"\nexit 7\n', { mode: 0o755 });
  return { dir, env: { PATH: `${join(dir, 'bin')}:${process.env['PATH']}` } };
};

const startBare = (lock: object, installed?: object): Outcome => {
  const { dir, env } = bareCheckout(lock, installed);
  const outcome = node([join(dir, 'infra/local/bootstrap.mjs'), 'start.ts'], env);
  rmSync(dir, { recursive: true });
  return outcome;
};

test('a Node too old is refused with one line that says what to do', () => {
  const { code, stderr } = node(['--import', versionIs('20.18.3'), bootstrap, 'x.ts']);
  assert.is(code, 1);
  assert.match(stderr, /^onsale needs Node 20\.19 or newer, .*nodejs\.org.*\n$/);
});

test('missing dependencies are installed, and it says so; a failure ends it with what to do', () => {
  const { code, stdout, stderr } = startBare({ 'node_modules/a': { version: '1.0.0' } });
  assert.is(code, 1);
  assert.is(stdout, '', 'npm pack reads the name of the file there');
  assert.match(stderr, 'npm was asked: ci --include=dev');
  assert.match(stderr, 'Dependencies are not installed yet: running npm ci');
  assert.match(stderr, 'npm ci failed: see above');
});

test('dependencies of other versions than the lockfile’s are installed again', () => {
  const { stderr } = startBare(
    { 'node_modules/a': { version: '2.0.0' } },
    { 'node_modules/a': { version: '1.0.0' } },
  );
  assert.match(stderr, 'Dependencies differ from package-lock.json: running npm ci');
});

test('packages for other platforms may be missing', () => {
  const { stderr } = startBare({ 'node_modules/a': { version: '2.0.0', optional: true } }, {});
  assert.match(stderr, /^start\.ts does not exist/);
});

test('a TypeScript file runs in the same process, with the arguments behind it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'onsale-script-'));
  const script = join(dir, 'script.mts');
  writeFileSync(
    script,
    'const rest: string[] = process.argv.slice(2);\nconsole.log(process.pid, process.ppid, ...rest);\n',
  );
  const { code, stdout, stderr } = node([bootstrap, script, 'one', 'two']);
  rmSync(dir, { recursive: true });
  assert.is(stderr, '');
  assert.is(code, 0);
  assert.match(stdout, new RegExp(`^\\d+ ${process.pid} one two\\n$`));
});
