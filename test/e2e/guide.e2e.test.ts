import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { paths } from '../../infra/local/paths.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the guide’s examples', { timeoutMs: 60_000 });

const guide = readFileSync(join(paths.root, 'docs/guide/README.md'), 'utf8');
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
  // Inside the package, which may then import itself by its name as others do.
  mkdirSync(join(paths.root, '.onsale'), { recursive: true });
  dir = mkdtempSync(join(paths.root, '.onsale/guide-'));
  backends = await startBackends();
  onsale = await startOnsale({ roles: ['command', 'query', 'projector'], ...backends.urls });
  withTokens = await startOnsale({ roles: ['query'], ...backends.urls, env: jwt });
});

test.after(async () => {
  rmSync(dir, { recursive: true, force: true });
  await Promise.all([onsale, withTokens].map((process) => process?.stop()));
  await backends.remove();
});

/** The blocks of the guide with these words behind the fence. */
const blocksOf = (words: string): readonly string[] =>
  guide
    .split(`\`\`\`${words}\n`)
    .slice(1)
    .map((rest) => rest.split('\n```')[0] ?? '');

/** What the comments of an example say that it shows: "→ …" to the end of the line. */
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

test('the curl examples, one after the other, show what they say', async () => {
  const blocks = blocksOf('sh run');
  assert.ok(blocks.length >= 6);
  // Each goes on where the one before has ended, as it does for a reader.
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

test('the example of the client, which imports it by its name, shows what it says', async () => {
  const [text = ''] = blocksOf('ts run');
  const file = join(dir, 'example.mts');
  writeFileSync(file, text);
  shows(text, await run(process.execPath, ['--import', 'tsx', file], { ONSALE: onsale.url }));
});
