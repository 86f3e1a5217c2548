import { nodeArguments } from '../../../infra/local/node-arguments.ts';
import { paths, type ServerFiles } from '../../../infra/local/paths.ts';

/** A build of ours with what it is shipped with. */
export interface Build {
  readonly name: string;
  /** Its dist/main.js. */
  readonly main: string;
  /** What its image gives node. */
  readonly nodeArguments: readonly string[];
  /** What its servers are started with. */
  readonly files: ServerFiles;
}

/** This checkout's. */
export const ownBuild: Build = { name: 'onsale', main: paths.main, nodeArguments, files: paths };
