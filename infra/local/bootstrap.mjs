// What `npm start` and `npm test` run first. Plain JavaScript without dependencies: nothing may be installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const NODE_MIN = [20, 19];

const refuse = (line) => {
  console.error(line);
  process.exit(1);
};

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = NODE_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  refuse(
    `onsale needs Node ${NODE_MIN.join('.')} or newer, this is ${process.version}: install one from https://nodejs.org and try again.`,
  );
};

const packagesOf = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/**
 * Whether a path of the lockfile is an installed package; the others are this package and those of its
 * workspaces.
 */
const isInstalled = (path) => path.includes('node_modules/');

/**
 * Why dependencies must be installed, or undefined. Versions are compared, not file times:
 * a checkout or a copy changes times without changing anything.
 */
const whyInstall = () => {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (installed === undefined) return 'Dependencies are not installed yet';
  const locked = Object.entries(packagesOf('package-lock.json') ?? {});
  const differs = ([path, { version, optional, link }]) =>
    isInstalled(path) && !optional && !link && installed[path]?.version !== version;
  return locked.some(differs) ? 'Dependencies differ from package-lock.json' : undefined;
};

/**
 * The environment without the options of an npm that may run us: `npm pack --dry-run -w …` must not make our
 * own install a dry run.
 */
const ownEnvironment = () => {
  const told = /^npm_config_(dry_run|json|pack_destination|workspaces?|include_workspace_root|silent)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !told.test(name)));
};

const install = () => {
  const why = whyInstall();
  if (why === undefined) return;
  const verb = existsSync(join(root, 'package-lock.json')) ? 'ci' : 'install';
  console.error(`${why}: running npm ${verb} (a minute at most) …`);
  // Development packages as well, even where NODE_ENV is production: tests and the build need them.
  const args = [verb, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // Its output goes to stderr, because the caller of `npm pack` reads the file's name from stdout.
  const done = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 'inherit'], env: ownEnvironment() });
  if (done.status !== 0) refuse(`npm ${verb} failed: see above, check the network, then try again.`);
};

checkNode();
const [file, ...rest] = process.argv.slice(2);
if (file === undefined) refuse('usage: node infra/local/bootstrap.mjs <file.ts> [arguments]');
install();
const script = resolve(root, file);
if (!existsSync(script)) refuse(`${file} does not exist in ${root}: is the checkout complete?`);
// In this process and not in a child, so that signals arrive where they are handled.
const { register } = await import('tsx/esm/api');
register();
process.argv = [process.argv[0], script, ...rest];
await import(pathToFileURL(script).href);
