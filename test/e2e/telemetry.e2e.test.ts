import { createServer, type Server } from 'node:http';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { parseShownSpans, type ShownSpan } from '../../src/telemetry/traces/shown-span.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { call, openShow } from '../support/client.ts';
import { found } from '../support/found.ts';
import { type Onsale, runOnsale, startOnsale } from '../support/onsale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('what a running onsale tells of itself', { timeoutMs: 60_000 });

const limitMs = 30_000;
const partition = 3;
let backends: Backends;
let api: Onsale;
let projector: Onsale;
let showId: string;

/** Requests that the collector received, with their paths. */
const received: { path: string; bytes: Buffer }[] = [];
let collector: Server;

test.before(async () => {
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', bytes: Buffer.concat(chunks) });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const address = collector.address();
  if (address === null || typeof address === 'string') throw new Error('the collector has no port');
  backends = await startBackends();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '500',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    ONSALE_TRACES_VIEWED: '50',
  };
  projector = await startOnsale({ roles: ['projector'], ...backends.urls, env });
  const peers = { ONSALE_OPS_PEERS: projector.opsUrl };
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls, env: { ...env, ...peers } });
  showId = await openShow(api.url, { stalls: 5 }, { partition });
});

test.after(async () => {
  await Promise.all([api?.stop(), projector?.stop()]);
  await backends.remove();
  collector.close();
});

const spansAt = async (url: string): Promise<readonly ShownSpan[]> =>
  parseShownSpans(await (await fetch(`${url}/traces.json`)).text());

/** The spans of a trace in the order in which they began, once there are `count` of them. */
const traceOf = async (traceId: string, count: number): Promise<readonly ShownSpan[]> => {
  let spans: readonly ShownSpan[] = [];
  const all = await waitUntil(
    async () => {
      spans = (await spansAt(api.url)).filter((span) => span.traceId === traceId);
      return spans.length >= count;
    },
    { limitMs },
  );
  assert.ok(all, JSON.stringify(spans, undefined, 1));
  return spans.toSorted((a, b) => a.startMs - b.startMs);
};

const ask = async (traceId: string, quantity: number) =>
  await call(`${api.url}/v1/reservations`, {
    customer: 'ann',
    wait: 30,
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: 'vendor=x' },
    body: { showId, lines: [{ poolId: 'stalls', quantity }] },
  });

const kept = 'c0ffee00'.repeat(4);
const refused = 'deadbeef'.repeat(4);

test('one trace goes from the POST through the stream to the committed row and the answer', async () => {
  const { status, body } = await ask(kept, 2);
  assert.is(status, 201);
  const spans = await traceOf(kept, 5);
  const byName = new Map(spans.map((span) => [span.name, span]));
  const commit = 'UPDATE partitions; INSERT journal; INSERT reservations; UPDATE pools; COMMIT';
  const [post, send, decide, write, publish] = [
    'POST /v1/reservations',
    'send requests',
    'decide',
    commit,
    'publish outcomes',
  ].map((name) => byName.get(name));
  assert.is(post?.parentId, '00f067aa0ba902b7');
  assert.is(send?.parentId, post?.spanId);
  for (const span of [decide, write, publish]) {
    assert.is(span?.parentId, send?.spanId);
    assert.is(span?.process, 'projector');
  }
  assert.equal(
    [post, send, write, publish].map((span) => span?.kind),
    ['server', 'producer', 'client', 'client'],
  );
  assert.is(post?.attributes['http.response.status_code'], 201);
  assert.is(send?.attributes['messaging.destination.partition.id'], String(partition));
  assert.is(decide?.attributes['onsale.decision'], 'ReservationConfirmed');
  assert.is(decide?.attributes['messaging.message.id'], send?.attributes['messaging.message.id']);
  assert.is(decide?.attributes['onsale.request.id'], body['id']);
  const batch = await found('the batch', async () =>
    (await spansAt(projector.opsUrl)).find(({ links }) => links.includes(kept)),
  );
  assert.equal([batch.name, batch.kind], ['process requests', 'consumer']);
});

test('from a reservation to its trace: in its history, in the problem of a refusal, and by the command line', async () => {
  const { status, body } = await ask(refused, 9);
  assert.equal([status, body['code'], body['trace_id']], [409, 'sold-out', refused]);
  const history = await call(`${api.url}${String(body['instance'])}/history`, { customer: 'ann' });
  assert.match(JSON.stringify(history.body), `"trace_id":"${refused}"`);
  const spans = await traceOf(refused, 5);
  assert.is(spans.find(({ name }) => name === 'decide')?.attributes['onsale.reason'], 'sold-out');
  const id = String(body['instance']).split('/').at(-1) ?? '';
  const printed = await runOnsale(['trace', id, '--url', api.url], {});
  assert.is(printed.code, 0, printed.output);
  assert.match(printed.output, /trace (deadbeef){4}[\s\S]*POST \/v1\/reservations[\s\S]*reason=sold-out/);
  const page = await call(`${api.url}/traces/${refused}`);
  assert.match(String(page.body['text']), 'sold-out');
});

test('a request that nobody sampled leaves no trace and no trace id', async () => {
  const beganMs = Date.now();
  const answer = await call(`${api.url}/v1/reservations`, {
    customer: 'ann',
    wait: 30,
    body: { showId, lines: [{ poolId: 'stalls', quantity: 9 }] },
  });
  assert.equal([answer.status, answer.body['trace_id']], [409, undefined]);
  const later = (await spansAt(api.url)).filter(({ startMs }) => startMs >= beganMs);
  assert.equal(later, []);
});

test('both processes send traces and metrics by OTLP', async () => {
  const sent = (path: string, text: Buffer | string): boolean =>
    received.some((one) => one.path === path && one.bytes.includes(text));
  const all = await waitUntil(
    async () =>
      sent('/v1/traces', Buffer.from(kept, 'hex')) &&
      ['POST /v1/reservations', 'decide', 'process requests'].every((name) => sent('/v1/traces', name)) &&
      ['http.server.request.duration', 'onsale.decisions', 'onsale.lag.seconds'].every((name) =>
        sent('/v1/metrics', name),
      ),
    { limitMs },
  );
  assert.ok(all, JSON.stringify(received.map(({ path, bytes }) => [path, bytes.length])));
});

const samplesAt = async (url: string, accept = 'text/plain'): Promise<readonly string[]> =>
  (await (await fetch(`${url}/metrics`, { headers: { accept } })).text()).split('\n');

test('metrics of a running system, on each ops port and for all processes together', async () => {
  const told = [
    'http_server_request_duration_seconds_count{role="command query",http_request_method="POST",http_route="/v1/shows",http_response_status_code="201"} 1',
    'onsale_appends_total{role="command query",verdict="appended"} 4',
    'onsale_decisions_total{role="projector",decision="ReservationConfirmed",reason=""} 1',
    'onsale_decisions_total{role="projector",decision="ReservationRejected",reason="sold-out"} 2',
    'onsale_stage_duration_seconds_count{role="projector",stage="total"} 4',
    'onsale_leases_held{role="projector"} 16',
    'onsale_lease_owner{role="projector",partition="3"} 1',
    'onsale_commits_total{role="projector",verdict="fenced"} 0',
    'onsale_bound_limit{role="command query",bound="waiters"} 20000',
    'onsale_oversold{role="projector"} 0',
    'onsale_drift{role="projector"} 0',
    'onsale_lag_entries{role="projector",partition="3"} 0',
  ];
  let samples: readonly string[] = [];
  const all = await waitUntil(
    async () => {
      samples = await samplesAt(api.url);
      return told.every((line) => samples.includes(line));
    },
    { limitMs },
  );
  assert.ok(all, `${told.filter((line) => !samples.includes(line)).join('\n')}\nin\n${samples.join('\n')}`);
  const own = (await samplesAt(projector.opsUrl)).filter((line) => line.includes('role="'));
  assert.ok(own.length > 100 && own.every((line) => line.includes('role="projector"')));
  const exemplars = (await samplesAt(api.opsUrl, 'application/openmetrics-text')).filter((line) =>
    line.includes(`# {trace_id="${refused}"}`),
  );
  assert.ok(exemplars.length > 0);
});

test('whoever is asked whether it lives asks nobody', async () => {
  for (const { opsUrl } of [api, projector])
    assert.equal((await call(`${opsUrl}/livez`)).body, { status: 'ok' });
});
