import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { howToInstall } from '../../infra/local/install-servers.ts';
import { paths } from '../../infra/local/paths.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('installing servers');

const dir = mkdtempSync(join(tmpdir(), 'onsale-apt-'));
const policy = join(dir, 'policy-rc.d');
const log = join(dir, 'apt.log');
test.after(() => rmSync(dir, { recursive: true }));
test.before.each(() => rmSync(log, { force: true }));

/** Runs the script with an apt-get that records its arguments and whether services may start. */
const install = (aptGet: string): number | null => {
  const note = `echo "$* policy=$([ -x "$POLICY_FILE" ] && "$POLICY_FILE"; echo $?)" >> "${log}"`;
  writeFileSync(join(dir, 'apt-get'), `#!/bin/sh\n${note}\n${aptGet}\n`, { mode: 0o755 });
  const script = join(paths.root, 'infra/local/install-servers.sh');
  const env = { ...process.env, PATH: `${dir}:${process.env['PATH']}`, POLICY_FILE: policy };
  return spawnSync('sh', [script, 'redis-server'], { env }).status;
};

const asked = (): readonly string[] => readFileSync(log, 'utf8').trim().split('\n');
const INSTALL = '-o DPkg::Lock::Timeout=120 install -y -q --no-install-recommends redis-server policy=101';

test('services may not start while packages are installed, and may afterwards', () => {
  assert.is(install('exit 0'), 0);
  assert.equal(asked(), [INSTALL]);
  assert.not.ok(existsSync(policy));
});

test('package lists are fetched when the packages are not found without', () => {
  const code = install(`[ "$1" = update ] && touch "${dir}/updated" && exit 0\n[ -e "${dir}/updated" ]`);
  assert.is(code, 0);
  assert.equal(asked(), [INSTALL, 'update -q policy=101', INSTALL]);
});

test('a failure is a failure, and the ban on services goes with it', () => {
  assert.not.equal(install('[ "$1" = update ]'), 0);
  assert.not.ok(existsSync(policy));
});

test('where nothing can be installed, the message names what to type on each system', () => {
  const text = howToInstall(['redis', 'mariadb']);
  assert.match(
    text,
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server mariadb-server-core',
  );
  assert.match(text, 'brew install redis mariadb');
  assert.match(text, 'docker info');
});
