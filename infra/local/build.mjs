// src → dist: tsc, plus the Lua and SQL files that stay files. Does nothing when nothing has changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const STAMP = '.stamp';
const CONFIGURATION = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

const filesUnder = (dir) =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [];

const hashOfInputs = () => {
  const hash = createHash('sha256');
  const inputs = [
    ...CONFIGURATION.map((file) => join(root, file)),
    fileURLToPath(import.meta.url),
    ...filesUnder(join(root, 'src')),
    ...filesUnder(join(root, 'infra/migrations')),
  ];
  for (const file of inputs)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
};

const isBuilt = (stamp) => {
  const file = join(dist, STAMP);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
};

const compile = (out) => {
  const tsc = join(root, 'node_modules/.bin/tsc');
  const done = spawnSync(tsc, ['-p', join(root, 'tsconfig.build.json'), '--outDir', out], {
    stdio: 'inherit',
  });
  if (done.status === 0) return true;
  console.error('The build failed: tsc does not accept the sources, see above.');
  return false;
};

const copyAssets = (out) => {
  const src = join(root, 'src');
  for (const file of filesUnder(src).filter((name) => /\.(lua|sql)$/.test(name))) {
    cpSync(file, join(out, relative(src, file)));
  }
  const migrations = join(root, 'infra/migrations');
  if (existsSync(migrations)) cpSync(migrations, join(out, 'migrations'), { recursive: true });
  const main = join(out, 'main.js');
  if (existsSync(main)) chmodSync(main, 0o755);
};

/**
 * Two builds at the same time must not mix. Each fills a directory of its own, and the last rename replaces
 * dist as a whole.
 */
const putInPlace = (out) => {
  const old = `${out}.old`;
  for (let tries = 1; ; tries += 1) {
    try {
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(out, dist);
      break;
    } catch (error) {
      // Another build moved dist away, or put its own there, between the two renames. That cannot happen
      // twenty times in a row.
      if (tries === 20 || !['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
};

const build = () => {
  const stamp = hashOfInputs();
  if (isBuilt(stamp)) return true;
  const out = join(dirname(dist), `dist.${process.pid}.tmp`);
  try {
    if (!compile(out)) return false;
    copyAssets(out);
    writeFileSync(join(out, STAMP), stamp);
    putInPlace(out);
    return true;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};

if (!build()) process.exitCode = 1;
