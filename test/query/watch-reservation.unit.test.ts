import { EventEmitter, once } from 'node:events';
import { get } from 'node:http';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { Identity } from '../../src/http/identity/identity.ts';
import { localIdentity } from '../../src/http/identity/local-identity.ts';
import { defaultStreamLimits } from '../../src/query/event-streams.ts';
import { newDeferred } from '../../src/shared/deferred.ts';
import { asAdmin, asAlice, asService, emptyReader, newWatches, nowMs } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { eventIn, openStream } from './sse.ts';
import { held, id, newWorld, path, until, watermark } from './update-world.ts';

const test = suite('query: watch reservation');

test('the state there is, then each change, and the end after a final one', async () => {
  const { app, tell, watching, close } = newWorld();
  const stream = await openStream(app, path, asAlice);
  const { statusCode, headers } = stream.response;
  assert.is(statusCode, 200);
  assert.match(String(headers['content-type']), /^text\/event-stream/);
  assert.equal([headers['x-accel-buffering'], headers['cache-control']], ['no', 'no-store, no-transform']);
  assert.match(String(await stream.next()), /^retry: [1-4]\d{3}$/);
  const first = eventIn(await stream.next());
  assert.equal([first.id, first.data['status']], [`held.${nowMs + 12}`, 'held']);
  assert.is(first.data['expiresAt'], '2026-01-31T20:01:00.000Z');
  tell({ type: 'reservation', reservation: { ...held, extended: true, changedAtMs: nowMs + 20 } });
  assert.equal(eventIn(await stream.next()).data['extended'], true);
  tell({ type: 'reservation', reservation: { ...held, status: 'confirmed', changedAtMs: nowMs + 30 } });
  assert.equal(eventIn(await stream.next()).id, `confirmed.${nowMs + 30}.3`);
  assert.is(await stream.next(), undefined);
  await until(() => watching() === 0);
  await close();
});

for (const status of ['confirmed', 'rejected', 'cancelled', 'expired'] as const) {
  test(`${status} is final, also when it is the first to be seen`, async () => {
    const { app, state, watching, close } = newWorld();
    state.reservation = { ...held, status };
    const { payload, statusCode } = await app.inject({ url: path, headers: asAlice });
    assert.is(statusCode, 200);
    assert.match(payload, new RegExp(`^retry: \\d+\n\nid: ${status}\\.\\d+\ndata: \\{.*\\}\n\n$`));
    await until(() => watching() === 0);
    await close();
  });
}

test('whoever comes back is not told again what they have seen; after a final state, not to come back', async () => {
  const { app, state, tell, close } = newWorld();
  const seen = { ...asAlice, 'last-event-id': `held.${nowMs + 12}` };
  const stream = await openStream(app, path, seen);
  await stream.next();
  tell({ type: 'reservation', reservation: held });
  tell({ type: 'reservation', reservation: { ...held, status: 'expired', changedAtMs: nowMs + 60_000 } });
  assert.is(eventIn(await stream.next()).data['status'], 'expired');
  state.reservation = { ...held, status: 'expired', changedAtMs: nowMs + 60_000 };
  const headers = { ...asAlice, 'last-event-id': `expired.${nowMs + 60_000}.3` };
  assert.is((await app.inject({ url: path, headers })).statusCode, 204);
  await close();
});

test('in the queue it is pending, and its decision is told', async () => {
  const { app, state, tell, close } = newWorld({
    tail: { lastId: async () => newStreamId(nowMs, 7), mayHoldLate: async () => false },
  });
  state.reservation = undefined;
  const stream = await openStream(app, path, asAlice);
  await stream.next();
  assert.equal(eventIn(await stream.next()), { id: 'queued', data: { id, status: 'pending' } });
  tell({ type: 'reservation', reservation: held });
  assert.is(eventIn(await stream.next()).data['status'], 'held');
  await close();
});

test('watching begins before looking: what changes in between is told, and nothing older after it', async () => {
  const { watches, tell } = newWatches();
  const newer = { ...held, status: 'confirmed', changedAtMs: nowMs + 30 } as const;
  const racing = {
    ...emptyReader,
    reservation: async () => {
      tell({ type: 'reservation', reservation: newer });
      return { watermark, reservation: held };
    },
  };
  const { app, close } = newWorld({ watches, reader: racing });
  const { payload } = await app.inject({ url: path, headers: asAlice });
  assert.equal(
    [...payload.matchAll(/^id: (\w+)/gm)].map(([, status]) => status),
    ['confirmed'],
  );
  const stale = {
    ...emptyReader,
    reservation: async () => {
      tell({ type: 'reservation', reservation: held });
      return { watermark, reservation: newer };
    },
  };
  const other = newWorld({ watches, reader: stale });
  const response = await other.app.inject({ url: path, headers: asAlice });
  assert.equal(
    [...response.payload.matchAll(/^id: (\w+)/gm)].map(([, status]) => status),
    ['confirmed'],
  );
  await close();
  await other.close();
});

test('another’s is 404 like what never was, and who sees everybody’s sees it', async () => {
  const { app, state, watching, close } = newWorld();
  state.reservation = { ...held, status: 'cancelled' };
  const statusFor = async (headers: Record<string, string>) =>
    (await app.inject({ url: path, headers })).statusCode;
  assert.is(await statusFor({ 'x-customer-id': 'bob' }), 404);
  assert.is(await statusFor({ ...asService, 'x-customer-id': 'bob' }), 404);
  assert.is(await statusFor({}), 401);
  for (const headers of [asAlice, asAdmin, asService, { ...asService, ...asAlice }])
    assert.is(await statusFor(headers), 200);
  state.reservation = undefined;
  assert.is(await statusFor(asAlice), 404);
  await until(() => watching() === 0);
  await close();
});

test('a look that fails is 503 and leaves nothing open', async () => {
  const failing = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  const { watches, watching } = newWatches();
  const { app, close } = newWorld({ watches, reader: { ...emptyReader, reservation: failing } });
  assert.is((await app.inject({ url: path, headers: asAlice })).json().code, 'overloaded');
  await until(() => watching() === 0);
  await close();
});

test('whoever has hung up while it was found out who they are takes no place', async () => {
  const known = newDeferred<void>();
  const asking = newDeferred<void>();
  const identity: Identity = {
    ...localIdentity,
    identify: async (headers) => {
      asking.resolve();
      if (headers['x-slow']) await known.promise;
      return localIdentity.identify(headers);
    },
  };
  const { app, watching, close } = newWorld({ identity, streamLimits: { ...defaultStreamLimits, max: 1 } });
  let heard = new EventEmitter();
  app.addHook('onRequest', async (_request, { raw }) => {
    heard = raw;
  });
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  const asked = get({ host: '127.0.0.1', port, path, headers: { ...asAlice, 'x-slow': 'true' } }).on(
    'error',
    () => {},
  );
  await asking.promise;
  const hungUp = once(heard, 'close');
  asked.destroy();
  await hungUp;
  known.resolve();
  const { statusCode } = (await openStream(app, path, asAlice)).response;
  assert.equal([statusCode, watching()], [200, 1]);
  await close();
});

test('a stream ends when what its client is known by runs out, and one opened with a fresh token goes on', async () => {
  const clock = { nowMs };
  const identity: Identity = {
    ...localIdentity,
    identify: async (headers) => {
      const known = await localIdentity.identify(headers);
      if (known.type === 'refused') return known;
      const validUntilMs = Number(headers['x-believed-until']);
      return { type: 'identified', caller: { ...known.caller, validUntilMs } };
    },
  };
  const { app, tell, watching, close } = newWorld({ identity, clock: { nowMs: () => clock.nowMs } });
  const believedFor = (ms: number) => ({ ...asAlice, 'x-believed-until': String(nowMs + ms) });
  const short = await openStream(app, path, believedFor(50));
  const long = await openStream(app, path, believedFor(60_000));
  for (const stream of [short, long]) {
    await stream.next();
    assert.is(eventIn(await stream.next()).data['status'], 'held');
  }
  clock.nowMs += 50;
  tell({ type: 'reservation', reservation: { ...held, extended: true, changedAtMs: nowMs + 20 } });
  assert.is(await short.next(), undefined, 'nothing more is told');
  assert.is(eventIn(await long.next()).data['extended'], true);
  await until(() => watching() === 1);
  // The credentials expired during the look-up, so no state is sent.
  const late = await openStream(app, path, believedFor(50));
  await late.next();
  assert.is(await late.next(), undefined);
  long.close();
  await close();
});
