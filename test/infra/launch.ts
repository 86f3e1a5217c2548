// `npm start` with a stand-in for dist/main.js and a state directory of the test's choice.
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { print } from '../../infra/local/print.ts';
import { serveLocally } from '../../infra/local/serve-locally.ts';

const [stateDir = ''] = process.argv.slice(2);

process.exitCode = await serveLocally({
  stateDir,
  main: join(paths.root, 'test/infra/fake-main.mjs'),
  env: process.env,
  print,
  build: () => Promise.resolve(),
});
