import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TrustProxy } from '../../src/http/limits/proxies.ts';
import { defaultStreamLimits } from '../../src/query/event-streams.ts';
import { asAdmin, asAlice, asService, showId } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { openStream, type Stream } from './sse.ts';
import { newWorld, path, until } from './update-world.ts';

const test = suite('query: how many event streams one may have');

const showPath = `/v1/shows/${showId}/updates`;
const bounds = { ...defaultStreamLimits, max: 8, perCustomer: 2, perAddress: 2 };

type Headers = Readonly<Record<string, string>>;

/** Opens streams one after the other; returns the answer to each, and a function that closes it. */
const openWorld = (trustProxy?: TrustProxy) => {
  const world = newWorld({ streamLimits: bounds }, trustProxy === undefined ? {} : { trustProxy });
  const open = async (at: string, headers: Headers, count = 1): Promise<readonly Stream[]> => {
    const streams: Stream[] = [];
    for (let n = 0; n < count; n += 1) streams.push(await openStream(world.app, at, { ...headers }));
    return streams;
  };
  const statuses = async (at: string, headers: Headers, count: number): Promise<readonly unknown[]> =>
    (await open(at, headers, count)).map(({ response }) => response.statusCode);
  return { ...world, open, statuses };
};

test('a customer has a few, and is told what to do; one that is closed makes room', async () => {
  const { app, open, statuses, watching, close } = openWorld();
  const [first] = await open(path, asAlice, 2);
  const [refused] = await open(path, asAlice);
  assert.equal([refused?.response.statusCode, refused?.response.headers['retry-after']], [429, '5']);
  const { code, detail } = (await app.inject({ url: path, headers: asAlice })).json();
  assert.is(code, 'too-many-requests');
  assert.match(detail, 'This customer has 2 event streams open');
  // HEAD is answered as GET would be.
  assert.is((await app.inject({ method: 'HEAD', url: path, headers: asAlice })).statusCode, 429);
  // Other customers are not affected.
  assert.equal(await statuses(showPath, {}, 2), [200, 200]);
  first?.close();
  await until(() => watching() === 3);
  assert.equal(await statuses(path, asAlice, 2), [200, 429]);
  await close();
});

test('who sees everybody’s, and a service that acts for many, have no other bound than the process', async () => {
  for (const headers of [asAdmin, { ...asAdmin, ...asAlice }, asService, { ...asService, ...asAlice }]) {
    const { statuses, close } = openWorld();
    assert.equal(await statuses(path, headers, 9), [...Array(8).fill(200), 503]);
    await close();
  }
});

test('who does not say who it is has a few by its address, and a show is followed by everybody alike', async () => {
  const { app, statuses, close } = openWorld();
  assert.equal(await statuses(showPath, {}, 1), [200]);
  assert.equal(await statuses(showPath, asAlice, 2), [200, 429]);
  assert.match((await app.inject(showPath)).json().detail, 'This address has 2 event streams open');
  assert.equal(await statuses(path, asAlice, 1), [200], 'a customer who says so has places of their own');
  await close();
});

test('behind proxies that are believed it is the client’s address that counts', async () => {
  for (const trusted of [1, ['127.0.0.0/8']] as const) {
    const { statuses, close } = openWorld(trusted);
    const behind = (address: string): Headers => ({ 'x-forwarded-for': address });
    assert.equal(await statuses(showPath, behind('192.0.2.1'), 3), [200, 200, 429]);
    assert.equal(await statuses(showPath, behind('192.0.2.2'), 1), [200]);
    // An IPv6 network of one customer counts as one address.
    assert.equal(await statuses(showPath, behind('2001:db8::1'), 1), [200]);
    assert.equal(await statuses(showPath, behind('2001:db8::2'), 2), [200, 429]);
    await close();
  }
});

test('where only a proxy’s address is known, everybody behind it is not taken for one client', async () => {
  const eight = Array(8).fill(200);
  for (const [trusted, headers] of [
    [1, {}],
    [2, { 'x-forwarded-for': '192.0.2.1' }],
    [['127.0.0.1'], {}],
    [['127.0.0.1', '10.0.0.0/8'], { 'x-forwarded-for': '10.1.2.3' }],
    [['127.0.0.1'], { 'x-forwarded-for': 'unknown' }],
    [1, { 'x-forwarded-for': 'unknown' }],
  ] as const) {
    const { statuses, close } = openWorld(trusted);
    assert.equal(await statuses(showPath, headers, 9), [...eight, 503], `${trusted}`);
    await close();
  }
});

test('an address that is not one of the proxies is a client’s, whatever it says of others', async () => {
  const { statuses, close } = openWorld(['10.0.0.0/8', '::1']);
  assert.equal(await statuses(showPath, { 'x-forwarded-for': '10.1.2.3' }, 3), [200, 200, 429]);
  await close();
});

test('a refused stream takes no place, however often it is asked for', async () => {
  const { app, open, statuses, watching, close } = openWorld();
  const streams = await open(path, asAlice, 2);
  for (let n = 0; n < 20; n += 1) await app.inject({ url: path, headers: asAlice });
  for (const stream of streams) stream.close();
  await until(() => watching() === 0);
  await nextTurn();
  assert.equal(await statuses(path, asAlice, 3), [200, 200, 429]);
  await close();
});
