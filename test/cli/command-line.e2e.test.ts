import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../../infra/local/paths.ts';
import { runOnsale } from '../support/onsale.ts';
import { createDatabase } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the command line');

test('only what is a verb is run: what every object has is no verb', async () => {
  for (const verb of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'sell']) {
    const { code, output } = await runOnsale([verb], {});
    assert.equal([code, output.trim()], [2, `onsale: there is no verb "${verb}"; try: onsale help`]);
  }
});

test('with no verb it says which there are', async () => {
  const { code, output } = await runOnsale([], {});
  assert.is(code, 0);
  assert.match(output, 'onsale serve <roles…>');
});

test('a reader that has seen enough, as `head` has, is no failure', async () => {
  const line = ['-o', 'pipefail', '-c', '"$0" "$1" help | true; echo $?', process.execPath];
  const { stdout, stderr } = await promisify(execFile)('bash', [...line, join(paths.root, 'dist/main.js')]);
  assert.equal([stdout, stderr], ['0\n', '']);
});

test('migrate does what it was asked and nothing else: --help helps, --dry-run prints, what it does not know it refuses', async () => {
  const database = await createDatabase();
  const migrate = (...args: readonly string[]) =>
    runOnsale(['migrate', ...args], { DATABASE_URL: database.url });
  try {
    const helped = await migrate('--help');
    assert.is(helped.code, 0);
    assert.match(helped.output, '--dry-run');
    const refused = await migrate('--force');
    assert.is(refused.code, 2);
    assert.match(
      refused.output,
      /^onsale migrate: there is no option --force \(usage: onsale migrate [^\n]+\)\n$/,
    );
    const planned = await migrate('--dry-run');
    assert.is(planned.code, 3);
    assert.match(planned.output, 'CREATE TABLE `reservations`');
    // None of these calls has changed the database: the whole plan is still to be done.
    assert.equal(await migrate('--dry-run'), planned);
    assert.match((await migrate()).output, 'the schema is up to date now');
    const [code, output] = Object.values(await migrate('--dry-run'));
    assert.equal([code, output], [0, 'the schema is up to date\n']);
  } finally {
    await database.drop();
  }
});
