import { join } from 'node:path';
import { paths } from './paths.ts';
import { print } from './print.ts';
import { runNode } from './run-node.ts';
import { serveLocally } from './serve-locally.ts';

const build = (): Promise<void> =>
  runNode({ name: 'build', args: [join(paths.root, 'infra/local/build.mjs')], env: process.env, print });

// The terminal may be closed before everything has stopped.
process.stdout.on('error', () => undefined);

process.exitCode = await serveLocally({
  stateDir: paths.state,
  main: paths.main,
  env: process.env,
  print,
  build,
});
