import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { paths, serverFilesIn } from '../../../infra/local/paths.ts';
import { type Build, ownBuild } from '../sides/build.ts';

const copied = ['dist', 'package.json', 'infra/redis', 'infra/mysql'];

/**
 * A copy of this checkout's present build in a directory of its own: a run takes an hour, and somebody may
 * build again meanwhile.
 */
export const copyBuild = (dir: string): Build => {
  mkdirSync(dir, { recursive: true });
  for (const name of copied) cpSync(join(paths.root, name), join(dir, name), { recursive: true });
  symlinkSync(join(paths.root, 'node_modules'), join(dir, 'node_modules'));
  const files = serverFilesIn(pathToFileURL(`${dir}/`));
  return { ...ownBuild, name: 'now', main: join(dir, 'dist/main.js'), files };
};
