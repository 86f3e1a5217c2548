import { SignJWT } from 'jose';
import { waitUntil } from '../../../infra/local/wait-until.ts';
import type { Report } from '../../../src/cli/rehearse/report.ts';
import { call } from '../../support/client.ts';
import { type Onsale, runOnsale, startOnsale } from '../../support/onsale.ts';
import { type RunningSystem, startRunning } from '../../support/running.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('onsale rehearse', { timeoutMs: 120_000 });

const secret = 'a secret for tests that has thirty-two bytes or more';
const issuer = 'https://login.example';

/** Long enough to tell a silence from slowness. */
const stillMs = 5_000;

let running: RunningSystem;
let jwt: Onsale;

test.before(async () => {
  running = await startRunning({ env: { ONSALE_PARTITIONS: '2' } });
  jwt = await startOnsale({
    roles: ['command', 'query'],
    ...running.backends.urls,
    env: {
      ONSALE_PARTITIONS: '2',
      ONSALE_AUTH: 'jwt',
      ONSALE_JWT_SECRET: secret,
      ONSALE_JWT_ISSUER: issuer,
      ONSALE_JWT_AUDIENCE: 'onsale',
    },
  });
});

test.after(async () => {
  await jwt?.stop();
  await running?.stop();
});

const tokenWith = (scope: string): Promise<string> =>
  new SignJWT({ scope })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('rehearsal')
    .setIssuer(issuer)
    .setAudience('onsale')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

/** The document after the progress lines. */
const parseReport = (output: string): Report => JSON.parse(output.slice(output.indexOf('\n{\n'))) as Report;

const small = ['--customers', '40', '--rate', '40', '--minutes', '0.02'];

test('a sale is played on a show of its own: it sells out, every promise is kept, and the show is closed', async () => {
  const { code, output } = await runOnsale(['rehearse', running.api, ...small, '--json'], {});
  const { figures, promises, pools, verdict, bottleneck, showId, interrupted } = parseReport(output);
  assert.equal([verdict, interrupted, figures.sent], ['kept', false, 48], output);
  // Speed does not matter here: on a busy machine something may give way.
  assert.is(code, bottleneck.gaveWay === 'nothing' ? 0 : 3, output);
  assert.ok(promises.length >= 5 && promises.every(({ broken }) => broken.length === 0), output);
  // The customer who gets the only balcony place may cancel it.
  assert.ok(
    pools.every(({ held, confirmed, capacity }) => held === 0 && confirmed <= capacity),
    output,
  );
  assert.ok(
    pools.some(({ confirmed }) => confirmed > 0),
    output,
  );
  assert.ok(
    Object.keys(figures.answers).some((name) => name === '409 sold-out'),
    output,
  );
  assert.ok(figures.latency.decided.count > 0 && figures.latency.answered.count > 0);
  const show = await call(`${running.api}/v1/shows/${showId}`);
  assert.equal([show.body['closed'], show.body['pools']], [true, pools]);
});

test('with a token of a service that administers it plays where headers are not believed', async () => {
  const run = (env: NodeJS.ProcessEnv) => runOnsale(['rehearse', jwt.url, ...small], env);
  const { output } = await run({ REHEARSE_TOKEN: await tokenWith('onsale:service onsale:admin') });
  assert.match(output, /^never oversold +kept$/m);
  assert.match(output, /^one key, one reservation +kept$/m);
  assert.match(output, /^first bottleneck: .+$/m);
  assert.match(output, /^verdict: every promise was kept/m);
  const refused = await run({});
  assert.is(refused.code, 1, refused.output);
  assert.match(refused.output, /^onsale rehearse: no show could be opened: .* REHEARSE_TOKEN\.\n$/);
});

test('interrupted, it sends no more, closes its show and prints what it has', async () => {
  const args = ['rehearse', running.api, '--rate', '20', '--minutes', '0.1', '--json'];
  let asked = false;
  const { code, output } = await runOnsale(args, {}, (said, child) => {
    if (asked || !said.includes('opened show')) return;
    asked = true;
    child.kill('SIGINT');
  });
  assert.is(code, 1, output);
  const { interrupted, figures, verdict, showId } = parseReport(output);
  assert.equal([interrupted, verdict], [true, 'kept'], output);
  assert.ok(figures.sent < 120, output);
  assert.is((await call(`${running.api}/v1/shows/${showId}`)).body['closed'], true);
});

test('a service that stood still is told with the time of it, and not the one who asked', async () => {
  const args = ['rehearse', running.api, '--rate', '20', '--minutes', '0.2', '--json'];
  let stoppedMs = 0;
  let going: Promise<unknown> = Promise.resolve();
  const { code, output } = await runOnsale(args, {}, (said) => {
    if (stoppedMs > 0 || !said.includes('opened show')) return;
    stoppedMs = Date.now();
    process.kill(running.apiPid, 'SIGSTOP');
    const isLongEnough = async () => Date.now() - stoppedMs > stillMs;
    going = waitUntil(isLongEnough, { limitMs: 60_000 }).finally(() =>
      process.kill(running.apiPid, 'SIGCONT'),
    );
  });
  await going;
  const { bottleneck, verdict, figures } = parseReport(output);
  assert.equal([code, verdict, bottleneck.gaveWay], [3, 'kept', 'away'], output);
  const [first] = figures.silences;
  assert.ok(first && first.fromMs >= stoppedMs - 1_000 && first.toMs > first.fromMs, output);
  assert.match(bottleneck.message, /^the service did not answer from \d{4}-.*Z to \d{4}-.*Z/);
});

test('what nobody answers is one line', async () => {
  const { code, output } = await runOnsale(['rehearse', 'http://127.0.0.1:1'], {});
  assert.is(code, 1, output);
  assert.match(output, /^onsale rehearse: nothing answers at http:\/\/127\.0\.0\.1:1: .*\n$/);
});
