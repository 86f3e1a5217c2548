import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import type { AuditReport } from '../../../src/audit/contract.ts';
import { requestId } from '../../domain/generate.ts';
import { openShow, reserved } from '../../support/client.ts';
import { startLoad } from '../../support/load.ts';
import { runOnsale } from '../../support/onsale.ts';
import { untilDecided } from '../../support/partitions.ts';
import { type RunningSystem, startRunning } from '../../support/running.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('onsale verify', { timeoutMs: 90_000 });

let running: RunningSystem;
let connection: Connection;
let dir: string;

test.before(async () => {
  // With this retention, streams are trimmed while the verb reads them.
  running = await startRunning({ env: { ONSALE_RETENTION_MS: '1000' } });
  connection = await createConnection(running.backends.urls.databaseUrl);
  dir = await mkdtemp(join(tmpdir(), 'onsale-verify-'));
});

test.after(async () => {
  await connection?.end();
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

const verify = (args: readonly string[] = [], changes: NodeJS.ProcessEnv = {}) => {
  const { redisUrl, databaseUrl } = running.backends.urls;
  return runOnsale(['verify', ...args], { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, ...changes });
};

const parseReport = (output: string): AuditReport => JSON.parse(output) as AuditReport;

/** Runs verify and expects broken promises; returns the findings by subject. */
const brokenBy = async (args: readonly string[] = []): Promise<(about: string) => readonly string[]> => {
  const { code, output } = await verify(['--json', ...args]);
  assert.is(code, 3, output);
  const { findings } = parseReport(output);
  return (about) =>
    Object.entries(findings).flatMap(([name, { named }]) =>
      named.some((finding) => finding.about === about) ? [name] : [],
    );
};

const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

test(
  'ten times under load it finds nothing, and nothing that was answered is missing',
  async () => {
    const small = await openShow(running.api, { stalls: 200 });
    const held = await openShow(running.api, { stalls: 100 }, { holdSeconds: 1 });
    const large = await openShow(running.api, { stalls: 100_000 });
    const load = startLoad({ api: running.api, shows: [small, held, large], workers: 4 });
    const file = join(dir, 'answered');
    let decisions = 0;
    try {
      await load.accepts(200);
      for (let times = 0; times < 10; times++) {
        await writeFile(file, load.report.accepted.map(({ id }) => `${id}\n`).join(''));
        const { code, output } = await verify(['--json', '--answered', file]);
        assert.is(code, 0, output);
        const { looked, verdict } = parseReport(output);
        assert.is(verdict, 'kept');
        assert.ok(looked.decisions > decisions && looked.operations >= 200, output);
        decisions = looked.decisions;
      }
    } finally {
      await load.stop();
    }
    assert.equal(load.report.odd, []);
  },
  { timeoutMs: 240_000 },
);

test('people are shown what was looked at, and one line an invariant', async () => {
  await untilDecided(running.backends.urls);
  const { code, output } = await verify();
  assert.is(code, 0, output);
  assert.match(output, /looked at 16 partitions: \d+ decisions/);
  assert.match(output, /^ {2}undersold +0$/m);
  assert.match(output, /Every promise was kept/);
});

test('asked wrongly it says how to ask, and what cannot be reached is not verified', async () => {
  for (const args of [['--fast'], ['--answered'], ['--answered', join(dir, 'none')]]) {
    const { code, output } = await verify(args);
    assert.is(code, 2, output);
    assert.match(output, /usage: onsale verify/);
  }
  const file = join(dir, 'misspelt');
  await writeFile(file, `${requestId(1)}\nreservation 7\n${requestId(2)}\n`);
  const misspelt = await verify(['--answered', file]);
  assert.is(misspelt.code, 2);
  assert.match(misspelt.output, /line 2 of .* is not a request id: reservation 7/);
  const { code, output } = await verify([], { REDIS_URL: 'redis://127.0.0.1:1' });
  assert.is(code, 1, output);
  assert.match(output, /not verified: cannot use Redis/);
});

test('an id that was answered and is nowhere is lost', async () => {
  const file = join(dir, 'lost');
  await writeFile(file, `${requestId(3)}\n`);
  const found = await brokenBy(['--answered', file]);
  assert.equal(found(requestId(3)), ['lost']);
});

test('what a hand broke is named: a row, a decision, a capacity', async () => {
  const showId = await openShow(running.api, { stalls: 4 });
  const sell = (customer: string) => reserved(running.api, { customer, showId, quantity: 2 });
  const [altered, deleted] = [await sell('ann'), await sell('bob')];
  assert.is((await verify()).code, 0);
  const change = (sql: string, id: string) => connection.execute(sql, [bytesOf(id)]);
  await change("UPDATE reservations SET customer_id = 'eve' WHERE id = ?", altered);
  const { code, output } = await verify();
  assert.is(code, 3, output);
  assert.match(
    output,
    /^ {2}disagreeing +1\n {6}[0-9a-f-]{36}: the table has .*"eve".*Promises were broken/ms,
  );
  await change('DELETE FROM journal WHERE request_id = ?', deleted);
  await connection.execute('ALTER TABLE pools DROP CONSTRAINT pools_never_oversold');
  await change('UPDATE pools SET capacity = 3 WHERE show_id = ?', showId);
  const found = await brokenBy();
  assert.equal(found(altered), ['disagreeing']);
  assert.equal(found(deleted), ['lost']);
  assert.equal(found(showId), ['oversold', 'disagreeing']);
});
