import { nodeArguments } from '../../../infra/local/node-arguments.ts';
import { paths, type ServerFiles } from '../../../infra/local/paths.ts';

/** A build of ours with the files it is shipped with. */
export interface Build {
  readonly name: string;
  /** Path of its dist/main.js. */
  readonly main: string;
  /** The node arguments of its image. */
  readonly nodeArguments: readonly string[];
  /** The files with which its servers are started. */
  readonly files: ServerFiles;
}

/** The build of this checkout. */
export const ownBuild: Build = { name: 'onsale', main: paths.main, nodeArguments, files: paths };
