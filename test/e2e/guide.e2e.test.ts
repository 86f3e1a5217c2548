import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { paths } from '../../infra/local/paths.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { clientPackage, packed, unpack } from '../support/packed.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the guide’s examples', { timeoutMs: 120_000 });

const read = (path: string): string => readFileSync(join(paths.root, path), 'utf8');
const guide = read('docs/guide/README.md');
const pages = readdirSync(join(paths.root, 'docs/guide'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/guide/${name}`);
const secret = 'a secret of the tests, shared with the issuer of tokens';
const jwt = {
  ONSALE_AUTH: 'jwt',
  ONSALE_JWT_SECRET: secret,
  ONSALE_JWT_ISSUER: 'tests',
  ONSALE_JWT_AUDIENCE: 'onsale',
};

let backends: Backends;
let onsale: Onsale;
let withTokens: Onsale;
let dir: string;

test.before(async () => {
  // Inside the package, so that examples can import it by its name, as users do.
  mkdirSync(join(paths.root, '.onsale'), { recursive: true });
  dir = mkdtempSync(join(paths.root, '.onsale/guide-'));
  await unpack(await packed(dir, { args: clientPackage }), join(dir, 'node_modules/onsale-client'));
  backends = await startBackends();
  const env = { ONSALE_CORS_ORIGINS: 'https://shop.example' };
  onsale = await startOnsale({ roles: ['command', 'query', 'projector'], ...backends.urls, env });
  withTokens = await startOnsale({ roles: ['query'], ...backends.urls, env: jwt });
});

test.after(async () => {
  rmSync(dir, { recursive: true, force: true });
  await Promise.all([onsale, withTokens].map((process) => process?.stop()));
  await backends.remove();
});

/** The code blocks of a page whose fence has this info text. */
const blocksOf = (words: string, page = guide): readonly string[] =>
  page
    .split(`\`\`\`${words}\n`)
    .slice(1)
    .map((rest) => rest.split('\n```')[0] ?? '');

/** The output that the comments of an example promise: "→ …" to the end of the line. */
const promisedIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:#|\/\/) .*?→ (.+)$/gm)].map(([, promised = '']) => promised);

const run = async (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
  const own = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env };
  const { stdout } = await promisify(execFile)(program, args, { cwd: paths.root, env: own });
  return stdout;
};

const shows = (text: string, output: string): void => {
  assert.ok(promisedIn(text).length > 0, `an example that shows nothing:\n${text}`);
  for (const promised of promisedIn(text))
    assert.ok(output.includes(promised), `${promised}\nis not in\n${output}`);
};

const shell = (text: string, env: NodeJS.ProcessEnv): Promise<string> =>
  run('bash', ['-euo', 'pipefail', '-c', text], env);

for (const path of pages)
  test(`the curl examples of ${path}, one after the other, show what they say`, async () => {
    const blocks = blocksOf('sh run', read(path));
    assert.ok(blocks.length >= 1);
    // Each block continues from the end of the one before, as for a reader.
    const output = await shell(blocks.join('\n'), { ONSALE: onsale.url });
    shows(blocks.join('\n'), output);
  });

test('the example with a token shows what it says', async () => {
  const [text = ''] = blocksOf('sh run jwt');
  const claims = new SignJWT({ sub: 'alice', iss: 'tests', aud: 'onsale' });
  const token = claims.setProtectedHeader({ alg: 'HS256' }).setExpirationTime('5m');
  const TOKEN = await token.sign(new TextEncoder().encode(secret));
  shows(text, await shell(text, { ONSALE: withTokens.url, TOKEN }));
});

for (const path of pages)
  test(`the TypeScript of ${path}, which imports the client by its name, shows what it says`, async () => {
    const blocks = blocksOf('ts run', read(path));
    assert.ok(blocks.length >= 1);
    for (const [n, text] of blocks.entries()) {
      const file = join(dir, `run-${n}.mts`);
      writeFileSync(file, text);
      shows(text, await run(process.execPath, ['--import', 'tsx', file], { ONSALE: onsale.url }));
    }
  });

/** A strict project's options, without skipLibCheck: our own declarations are compiled as well. */
const compilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  module: 'nodenext',
  target: 'es2023',
  lib: ['es2023', 'dom'],
  types: ['node'],
};

test('all TypeScript of guide and packages compiles under strict, with the types that are shipped', async () => {
  const documents = [...pages, 'packages/client/README.md', 'README.md'];
  const files = documents.flatMap((path) =>
    [...read(path).matchAll(/^```ts[^\n]*\n(.+?)^```/gms)].flatMap(([, text = ''], n) =>
      // By both of its names: the package of the service contains the same client.
      ['onsale-client', 'onsale/client'].map((name) => {
        const file = `${path.replaceAll(/\W/g, '-')}-${n}-${name.replace('/', '-')}.mts`;
        writeFileSync(join(dir, file), text.replaceAll("'onsale-client'", `'${name}'`));
        return file;
      }),
    ),
  );
  assert.ok(files.length >= 8);
  const project = join(dir, 'tsconfig.json');
  writeFileSync(project, JSON.stringify({ compilerOptions, files }));
  const tsc = join(paths.root, 'node_modules/.bin/tsc');
  const said = await run(tsc, ['-p', project], {}).catch(
    (error: { readonly stdout: string }) => error.stdout,
  );
  assert.is(said, '');
});
