import { waitUntil } from '../../infra/local/wait-until.ts';
import type { CommandOptions } from '../../src/command/options.ts';
import type { OutcomeWait } from '../../src/log/contract.ts';
import { newDeferred } from '../../src/shared/deferred.ts';
import { asService, never, type ServerFakes, serverOf, untouched, waitFor } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { appended, hundred, newStream, postMany, requestOf, statusesOf, url } from './many-world.ts';

const test = suite('command: limits, leaving and telemetry of a call of many');

test('each request counts for the rate limits: of its customer, and of the address', async () => {
  const one = { perSecond: 0.001, burst: 1 };
  const byCustomer = await postMany([requestOf('alice'), requestOf('alice'), requestOf('bob')], {
    server: { rateLimits: { customer: one } },
  });
  assert.equal(statusesOf(byCustomer.results), [202, 429, 202]);
  assert.is(byCustomer.results[1]?.retryAfterSeconds, 1000);
  const byAddress = await postMany([requestOf('a'), {}, requestOf('c'), requestOf('d')], {
    server: { rateLimits: { address: { ...one, burst: 3 } } },
  });
  assert.equal(statusesOf(byAddress.results), [202, 400, 202, 429], 'a bad one counts too');
  assert.is(byAddress.headers['ratelimit'], '"address";r=0;t=3000');
  assert.is(byAddress.headers['ratelimit-policy'], '"address";q=3;w=3000');
});

test('when the client leaves, all waits end, and the connection has one listener for them', async () => {
  let waiting = 0;
  const allWait = newDeferred<void>();
  const answered = newDeferred<number>();
  const wait = (): OutcomeWait => {
    waiting += 1;
    if (waiting === 100) allWait.resolve();
    const { outcome, cancel } = waitFor(never);
    const end = (): void => {
      waiting -= 1;
      cancel();
    };
    return { outcome, cancel: end };
  };
  const onManyAnswered: CommandOptions['onManyAnswered'] = ({ statuses }) =>
    answered.resolve(statuses.length);
  const app = serverOf({ command: { outcomes: { wait }, onManyAnswered } });
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  const leaving = new AbortController();
  const asked = fetch(new URL(url, base), {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=30', ...asService },
    body: JSON.stringify({ requests: hundred() }),
    signal: leaving.signal,
  }).then(
    () => 'answered',
    () => 'left',
  );
  await allWait.promise;
  leaving.abort();
  assert.is(await asked, 'left');
  const haveEnded = await waitUntil(() => waiting === 0, { limitMs: 2_000 });
  await app.close();
  assert.ok(haveEnded, `${waiting} wait`);
  assert.is(await answered.promise, 100);
  process.off('warning', onWarning);
  assert.equal(warnings, []);
});

test('the call is counted once, with the status of each request and the length of its body', async () => {
  const calls: unknown[] = [];
  const payload = JSON.stringify({ requests: [requestOf('a'), {}] });
  await postMany([], { payload, options: { onManyAnswered: (call) => void calls.push(call) } });
  assert.equal(calls, [{ bodyBytes: payload.length, statuses: [202, 400] }]);
});

test('a traced call is one span; its entries carry it, and a problem of the service names it', async () => {
  const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  let begun = 0;
  let accepted = 0;
  const { events, append } = newStream((n) =>
    n === 2 ? { type: 'refused', why: 'not connected' } : appended(n),
  );
  const observer: NonNullable<ServerFakes['observer']> = {
    slowMs: 1_000,
    accepted: () => {
      accepted += 1;
    },
    counterOf: () => () => {},
    traces: {
      begin: () => {
        begun += 1;
        return { context, end: () => {} };
      },
      keep: untouched,
    },
  };
  const { results } = await postMany([requestOf('a'), requestOf('b'), requestOf('c')], {
    options: { appender: { append } },
    server: { observer },
  });
  assert.equal([begun, accepted], [1, 3]);
  assert.equal(
    events.map(({ trace }) => trace),
    [context, context, context],
  );
  assert.is(results[2]?.problem?.trace_id, context.traceId);
});
