import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { patience, waitUntil } from '../../infra/local/wait-until.ts';
import { audit } from '../support/audit.ts';
import { openShow } from '../support/client.ts';
import { type Load, startLoad } from '../support/load.ts';
import { runOnsale } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('onsale rebuild', { timeoutMs: 90_000 });

const partitions = 4;
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let running: RunningSystem;
let sql: Connection;
let load: Load;
test.before(async () => {
  running = await startRunning({ env: { ONSALE_PARTITIONS: String(partitions) } });
  sql = await createConnection(running.backends.urls.databaseUrl);
  const open = (partition: number, options = {}): Promise<string> =>
    openShow(running.api, { stalls: 100_000 }, { partition, ...options });
  // Holds lapse while the rebuild runs, so there are decisions without a request, and rows in every table.
  const shows = await Promise.all([open(0), open(1), open(2, { holdSeconds: 1 })]);
  load = startLoad({ api: running.api, shows, workers: 5 });
  await load.accepts(700);
});
test.after(async () => {
  await load.stop();
  sql.destroy();
  await running.stop();
});

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  DATABASE_URL: running.backends.urls.databaseUrl,
});

const rebuild = (...args: readonly string[]): ReturnType<typeof runOnsale> =>
  runOnsale(['rebuild', ...args], environment());

const leftOver = async (): Promise<readonly string[]> => {
  const [tables] = await sql.query<RowDataPacket[]>('SHOW TABLES');
  return tables
    .map((row) => String(Object.values(row)[0]))
    .filter((name) => /_(?:rebuild|before)$/.test(name));
};

/** Asserts that every accepted request is decided and that the tables agree with the journal. */
const allKept = async (): Promise<void> => {
  await untilDecided(running.backends.urls);
  const accepted = load.report.accepted.map(({ id }) => id);
  keptPromises(await audit({ ...running.backends.urls, accepted }));
};

const slowly = (): ChildProcess =>
  spawn(process.execPath, [main, 'rebuild', '--pace', '1'], { env: environment() });

const untilFilling = async (): Promise<void> => {
  const isFilling = async (): Promise<boolean> => {
    if ((await leftOver()).length < 6) return false;
    const [rows] = await sql.query<RowDataPacket[]>('SELECT 1 FROM reservations_rebuild LIMIT 1');
    return rows.length > 0;
  };
  assert.ok(await waitUntil(isFilling, { limitMs: 20_000 }));
};

test('Ctrl-C leaves the tables as they were and nothing behind', async () => {
  const child = slowly();
  let said = '';
  child.stderr?.on('data', (chunk) => (said += chunk));
  await untilFilling();
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.is(code, 1, said);
  assert.match(said, 'cancelled: the tables are as they were');
  assert.equal(await leftOver(), []);
});

test('killed -9, it leaves tables that the next one drops, and the sale does not notice', async () => {
  const child = slowly();
  await untilFilling();
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.is((await leftOver()).length, 6);
  await load.accepts(50);
});

test('under load it switches, says how long it held the partitions, and no promise is broken', async () => {
  const { code, output } = await rebuild('--json');
  assert.is(code, 0, output);
  const { switched, differences, heldMs } = JSON.parse(output);
  assert.equal([switched, differences], [true, { count: 0, named: [] }]);
  assert.ok(heldMs < 2_000 * patience(), `${heldMs} ms`);
  assert.equal(await leftOver(), []);
  await load.accepts(300);
});

const damages = [
  'UPDATE pools SET confirmed = confirmed - 1 WHERE partition_id = 0',
  "UPDATE reservations SET status = 'cancelled' WHERE status = 'confirmed' ORDER BY id LIMIT 1",
] as const;

test('a dry run under load names what was damaged by hand, exits 3 and switches nothing', async () => {
  for (const damage of damages) await sql.query(damage);
  const { code, output } = await rebuild('--dry-run');
  assert.is(code, 3, output);
  assert.match(output, /2 things in the tables were not what the journal says/);
  assert.match(output, /different +pools +[0-9a-f-]{36}\n/);
  assert.match(output, /different +reservations +[0-9a-f-]{36}\n/);
  assert.match(output, 'nothing was changed (dry run)');
});

test('a rebuild under load repairs it, and the projectors go on from what is right', async () => {
  const { code, output } = await rebuild();
  assert.is(code, 0, output);
  assert.match(output, /2 things[\s\S]*the new tables are in place; no batch could be committed for \d+ ms/);
  await load.accepts(300);
  const again = await rebuild('--dry-run');
  assert.is(again.code, 0, again.output);
  await load.stop();
  assert.equal(load.report.odd, []);
  await allKept();
});

test('what it does not understand is refused with how to ask', async () => {
  for (const args of [['--fast'], ['--pace', '0'], ['--pace', 'x'], ['shows']]) {
    const { code, output } = await rebuild(...args);
    assert.is(code, 2);
    assert.match(output, '--pace N');
  }
});
