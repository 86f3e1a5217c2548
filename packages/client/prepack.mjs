// Fills this package with the build of src/client, and nothing else.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const build = spawnSync(process.execPath, [inRoot('infra/local/build.mjs')], { stdio: 'inherit' });
if (build.status !== 0) process.exit(1);
rmSync(inRoot('packages/client/dist'), { recursive: true, force: true });
cpSync(inRoot('dist/client'), inRoot('packages/client/dist/client'), { recursive: true });
