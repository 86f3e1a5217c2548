import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../support/suite.ts';
import { checkOut } from './check-out.ts';
import { resolveCommit } from './resolve-commit.ts';
import { samePackages } from './same-packages.ts';

const test = suite('an older commit');

const git = (root: string, ...args: readonly string[]): string => {
  const as = ['-c', 'user.name=t', '-c', 'user.email=t@localhost', '-c', 'commit.gpgsign=false'];
  const done = spawnSync('git', ['-C', root, ...as, ...args], { encoding: 'utf8' });
  assert.is(done.status, 0, done.stderr);
  return done.stdout.trim();
};

/** A repository with two commits and a file changed since. */
const inRepository = async (
  work: (at: { readonly root: string; readonly dir: string }) => Promise<void>,
): Promise<void> => {
  const parent = mkdtempSync(join(tmpdir(), 'onsale-check-out-'));
  try {
    const [root, dir] = [join(parent, 'repository'), mkdtempSync(join(parent, 'tree-'))];
    git(parent, 'init', '--quiet', root);
    for (const content of ['first', 'second']) {
      writeFileSync(join(root, 'file'), content);
      git(root, 'add', 'file');
      git(root, 'commit', '--quiet', '-m', content);
    }
    writeFileSync(join(root, 'file'), 'changed');
    await work({ root, dir });
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
};

test('is found by any name git knows, and has a short one', () =>
  inRepository(async ({ root }) => {
    const commit = await resolveCommit('HEAD~1', root);
    assert.is(commit?.id, git(root, 'rev-parse', 'HEAD~1'));
    assert.ok(commit?.id.startsWith(commit.name) && commit.name.length < commit.id.length, commit?.name);
  }));

test('is not there when git does not know it, or when there is no repository', () =>
  inRepository(async ({ root, dir }) => {
    assert.is(await resolveCommit('no-such-commit', root), undefined);
    assert.is(await resolveCommit('HEAD:file', root), undefined);
    assert.is(await resolveCommit('HEAD', dir), undefined);
  }));

test('is written elsewhere as it was, and the repository is left as it is', () =>
  inRepository(async ({ root, dir }) => {
    const before = git(root, 'status', '--porcelain');
    await checkOut({ commit: git(root, 'rev-parse', 'HEAD~1'), root, dir });
    assert.is(readFileSync(join(dir, 'file'), 'utf8'), 'first');
    assert.is(readFileSync(join(root, 'file'), 'utf8'), 'changed');
    assert.is(git(root, 'status', '--porcelain'), before);
    assert.not(existsSync(join(root, '.git/worktrees')));
  }));

const lockOf = (version: string, fastify: string): string =>
  JSON.stringify({ version, packages: { '': { version }, 'node_modules/fastify': { version: fastify } } });

test('has our packages when its lock file names the same, whatever version of ourselves it is of', () => {
  assert.ok(samePackages(lockOf('0.1.0', '5.0.0'), lockOf('0.2.0', '5.0.0')));
  assert.not(samePackages(lockOf('0.1.0', '5.0.0'), lockOf('0.1.0', '5.0.1')));
});
