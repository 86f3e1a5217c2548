import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { newTree } from '../mutations/mutated-tree.ts';

/**
 * The value of `reference` with which a request is written as an entry that only the next version can read.
 */
export const onlyForNext = 'only the next version knows';

export interface NextVersion {
  /** Path of its built main.js. */
  readonly main: string;
  readonly remove: () => void;
}

/** Builds a copy of this checkout whose codec is one version ahead; next-version.patch says how. */
export const buildNextVersion = (dir: string): NextVersion => {
  const tree = newTree(dir);
  const fault =
    tree.apply(join(paths.root, 'test/support/next-version.patch')) ??
    faultOf(spawnSync(process.execPath, ['infra/local/build.mjs'], { cwd: tree.dir, encoding: 'utf8' }));
  if (fault !== undefined) {
    tree.remove();
    throw new Error(`the next version was not built: ${fault}`);
  }
  return { main: join(tree.dir, 'dist/main.js'), remove: tree.remove };
};

const faultOf = ({ status, stdout, stderr }: ReturnType<typeof spawnSync>): string | undefined =>
  status === 0 ? undefined : `${stdout}${stderr}`;
