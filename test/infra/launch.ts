// Starts `npm start` with a replacement for dist/main.js and a state directory that the test chooses.
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
