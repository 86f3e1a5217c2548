import { waitUntil } from '../../infra/local/wait-until.ts';
import { head, openWireTo, post, type Wire } from '../http/wire.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { openShow } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('clients that leave', { timeoutMs: 60_000 });

const streamsMax = 40;
let backends: Backends;
let api: Onsale;
let showId: string;

test.before(async () => {
  backends = await startBackends();
  const projector = await startOnsale({ roles: ['projector'], ...backends.urls });
  const env = { ONSALE_STREAMS_MAX: String(streamsMax), ONSALE_STREAMS_PER_CUSTOMER: '1000' };
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls, env });
  showId = await openShow(api.url, { stalls: 500 });
  // From here on nothing is decided, so every wait lasts its full time.
  await projector.stop();
});

test.after(async () => {
  await api.stop();
  await backends.remove();
});

const asAnn = { 'X-Customer-Id': 'ann' };
const waiting = { ...asAnn, Prefer: 'wait=30' };
const stream = (): string => head(`GET /v1/shows/${showId}/updates`);
const reserve = (): string =>
  post('/v1/reservations', { showId, lines: [{ poolId: 'stalls', quantity: 1 }] }, waiting);

const visit = (bytes: string): Wire => openWireTo(Number(new URL(api.url).port), bytes);

/** How much of a limit is in use, according to the metrics. */
const used = async (bound: string): Promise<number> => {
  const text = await (await fetch(`${api.opsUrl}/metrics`)).text();
  const value = new RegExp(`^onsale_bound_used\\{[^}]*"${bound}"[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`no ${bound} in the metrics`);
  return Number(value);
};

const untilUsed = async (bound: string, count: number): Promise<void> => {
  const isSo = async (): Promise<boolean> => (await used(bound)) === count;
  if (!(await waitUntil(isSo, { limitMs: 10_000 })))
    throw new Error(`${bound}: ${await used(bound)}, not ${count}`);
};

test('streams and waits are given back when their connections close, pipelined or not', async () => {
  const visits = [stream(), stream().repeat(20), reserve(), reserve().repeat(20), reserve() + stream()];
  const wires = visits.flatMap((bytes) => [visit(bytes), visit(bytes)]);
  await untilUsed('event_streams', 4);
  await untilUsed('waiters', 6);
  for (const { socket } of wires) socket.destroy();
  await untilUsed('event_streams', 0);
  await untilUsed('waiters', 0);
  // An address may use a quarter of the streams; this uses all of them.
  const again = Array.from({ length: streamsMax / 4 }, () => visit(stream()));
  await waitUntil(() => again.every(({ statuses }) => statuses().length > 0), { limitMs: 10_000 });
  assert.equal(
    again.map(({ statuses }) => statuses()),
    again.map(() => [200]),
  );
  for (const { socket } of again) socket.destroy();
  await untilUsed('event_streams', 0);
});

test('a stop ends streams and waits, of those who are there and of those who left, and the exit code is 0', async () => {
  const left = [stream().repeat(20), reserve().repeat(20)].map(visit);
  await untilUsed('event_streams', 1);
  await untilUsed('waiters', 1);
  for (const { socket } of left) socket.destroy();
  const here = [stream(), stream().repeat(20), reserve(), reserve().repeat(20), reserve() + stream()].map(
    visit,
  );
  await untilUsed('event_streams', 2);
  await untilUsed('waiters', 3);
  const before = performance.now();
  const code = await api.stop();
  const tookMs = performance.now() - before;
  assert.is(code, 0, api.log.slice(-5).join('\n'));
  assert.ok(tookMs < 25_000, `${tookMs} ms: it waited for those who wait for 30 s`);
  for (const { closes } of here) assert.ok(await closes());
  // The accepted request is answered; the next one on the connection was not started.
  assert.equal(
    here.map(({ statuses }) => statuses()[0]),
    [200, 200, 202, 202, 202],
  );
});
