import { patience } from '../../infra/local/wait-until.ts';
import { stopServer } from '../../src/http/connection/stop-server.ts';
import { defaultStreamLimits } from '../../src/query/event-streams.ts';
import { asAlice, emptyReader, newWatches, nowMs, show, showId } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { eventIn, openStream } from './sse.ts';
import { newWorld, path, until } from './update-world.ts';

const test = suite('query: watch show, and streams as such');

test('over the bound it is 503 with Retry-After, and a stream that ends makes room', async () => {
  const { app, watching, close } = newWorld({ streamLimits: { ...defaultStreamLimits, max: 1 } });
  const stream = await openStream(app, path, asAlice);
  await stream.next();
  const refused = await app.inject({ url: `/v1/shows/${showId}/updates` });
  assert.equal(
    [refused.statusCode, refused.json().code, refused.headers['retry-after']],
    [503, 'overloaded', '5'],
  );
  stream.close();
  await until(() => watching() === 0);
  const next = await openStream(app, path, asAlice);
  assert.is(next.response.statusCode, 200);
  next.close();
  await until(() => watching() === 0);
  await close();
});

test('as many watches as the log serves: 503', async () => {
  const { app, close } = newWorld({ watches: newWatches(0).watches });
  assert.is((await app.inject({ url: path, headers: asAlice })).json().code, 'overloaded');
  await close();
});

test('HEAD tells the headers and opens no stream', async () => {
  const { app, watching, close } = newWorld();
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(`${address}${path}`, { method: 'HEAD', headers: asAlice });
  assert.equal([response.status, await response.text()], [200, '']);
  assert.match(String(response.headers.get('content-type')), /^text\/event-stream/);
  await until(() => watching() === 0);
  await close();
});

test('a heartbeat keeps the connection from looking dead', async () => {
  const { app, close } = newWorld({ streamLimits: { ...defaultStreamLimits, heartbeatMs: 5 } });
  const stream = await openStream(app, path, asAlice);
  await stream.next();
  await stream.next();
  assert.is(await stream.next(), ': heartbeat');
  assert.is(await stream.next(), ': heartbeat');
  stream.close();
  await close();
});

test('when the process stops, streams end at once and stopping is quick', async () => {
  const { app, stopping, watching } = newWorld();
  const streams = [
    await openStream(app, path, asAlice),
    await openStream(app, `/v1/shows/${showId}/updates`),
  ];
  for (const stream of streams) {
    await stream.next();
    await stream.next();
  }
  const before = performance.now();
  stopping.abort();
  for (const stream of streams) assert.is(await stream.next(), undefined);
  await stopServer(app, { graceMs: 15_000 });
  assert.ok(performance.now() - before < 5_000 * patience());
  assert.is(watching(), 0);
});

test('a show: the state there is, then the latest at most once a pause', async () => {
  const { app, tell, close } = newWorld({ streamLimits: { ...defaultStreamLimits, showPauseMs: 100 } });
  const stream = await openStream(app, `/v1/shows/${showId}/updates`);
  await stream.next();
  const first = eventIn(await stream.next());
  assert.equal([first.id, first.data['name']], [`1.${nowMs + 12}`, 'Opening night']);
  for (let n = 1; n <= 50; n += 1) tell({ type: 'show', show: { ...show, asOfMs: nowMs + 12 + n } });
  const before = performance.now();
  assert.is(eventIn(await stream.next()).id, `1.${nowMs + 13}`);
  assert.is(eventIn(await stream.next()).id, `1.${nowMs + 62}`);
  assert.ok(performance.now() - before > 50);
  stream.close();
  await close();
});

test('a show that is not there is 404, and one that was seen is not told again', async () => {
  const { app, tell, close } = newWorld();
  const stream = await openStream(app, `/v1/shows/${showId}/updates`, { 'last-event-id': `1.${nowMs + 12}` });
  await stream.next();
  tell({ type: 'show', show: { ...show, revision: 2 } });
  assert.is(eventIn(await stream.next()).id, `2.${nowMs + 12}`);
  stream.close();
  await close();
  const empty = newWorld({ reader: emptyReader });
  assert.is((await empty.app.inject({ url: `/v1/shows/${showId}/updates` })).statusCode, 404);
  assert.is((await empty.app.inject({ url: '/v1/shows/x/updates' })).statusCode, 404);
  await empty.close();
});

test('a client that leaves leaves nothing behind', async () => {
  const { app, watching, close } = newWorld();
  for (const url of [path, `/v1/shows/${showId}/updates`]) {
    const stream = await openStream(app, url, asAlice);
    await stream.next();
    await until(() => watching() === 1);
    stream.close();
    await until(() => watching() === 0);
  }
  await close();
});
