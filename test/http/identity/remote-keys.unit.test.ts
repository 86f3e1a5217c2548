import { newJwtIdentity } from '../../../src/http/identity/jwt-identity.ts';
import { assert, suite } from '../../support/suite.ts';
import {
  audience,
  issuer,
  type KeyServer,
  newReadableLog,
  newSigningKey,
  type SigningKey,
  sign,
  startKeyServer,
  startMs,
} from '../token-issuer.ts';

const test = suite('http: keys of an issuer');

const [first, second] = [await newSigningKey('ES256', 'first'), await newSigningKey('ES256', 'second')];
const minute = 60_000;

interface World {
  readonly server: KeyServer;
  readonly lines: readonly string[];
  /**
   * The caller for a fresh token signed with that key, so many ms after the start: 'alice', or the code of
   * the problem.
   */
  whoIs(key: SigningKey, afterMs: number): Promise<unknown>;
  /** Sets only the wall clock. */
  setClock(aheadMs: number): void;
}

const inWorld = async (
  published: Parameters<KeyServer['publish']>[0],
  body: (world: World) => Promise<void>,
): Promise<void> => {
  const server = await startKeyServer(published);
  const { logger, lines } = newReadableLog();
  let nowMs = startMs;
  let aheadMs = 0;
  const identity = newJwtIdentity({
    keys: { type: 'jwks', url: server.url },
    issuer,
    audience,
    clockToleranceSeconds: 30,
    clock: { nowMs: () => nowMs + aheadMs, monotonicMs: () => nowMs },
    logger,
  });
  const whoIs: World['whoIs'] = async (key, afterMs) => {
    nowMs = startMs + afterMs;
    const authorization = `Bearer ${await sign(key, {}, nowMs + aheadMs)}`;
    const known = await identity.identify({ authorization });
    return known.type === 'identified' ? known.caller.customerId : known.problem.code;
  };
  try {
    const setClock: World['setClock'] = (ms) => {
      aheadMs = ms;
    };
    await body({ server, lines, whoIs, setClock });
  } finally {
    await server.close();
  }
};

test('they are fetched once, however many ask', () =>
  inWorld([first], async ({ server, whoIs }) => {
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => whoIs(first, n)));
    assert.equal([...new Set(all)], ['alice']);
    assert.is(await whoIs(first, 9 * minute), 'alice');
    assert.is(server.fetches(), 1);
  }));

test('a key that is new is fetched when it is first seen', () =>
  inWorld([first], async ({ server, whoIs }) => {
    assert.is(await whoIs(first, 0), 'alice');
    server.publish([first, second]);
    assert.is(await whoIs(second, minute), 'alice');
    assert.is(server.fetches(), 2);
  }));

test('keys that nobody has heard of are looked for at most every 30 s', () =>
  inWorld([first], async ({ server, whoIs }) => {
    assert.is(await whoIs(first, 0), 'alice');
    for (const afterMs of [1, 10_000, 29_999]) assert.is(await whoIs(second, afterMs), 'unauthenticated');
    assert.is(server.fetches(), 1);
    assert.is(await whoIs(second, 30_000), 'unauthenticated');
    assert.is(server.fetches(), 2);
  }));

test('a key that was taken out is not believed after the next fetch', () =>
  inWorld([first], async ({ server, whoIs }) => {
    assert.is(await whoIs(first, 0), 'alice');
    server.publish([second]);
    assert.is(await whoIs(second, 11 * minute), 'alice');
    assert.is(await whoIs(first, 12 * minute), 'unauthenticated');
  }));

test('a clock that is set keeps nobody from hearing of new keys, nor drops those at hand', () =>
  inWorld([first], async ({ server, whoIs, setClock }) => {
    assert.is(await whoIs(first, 0), 'alice');
    server.publish([first, second]);
    setClock(-60 * minute);
    assert.is(await whoIs(second, minute), 'alice');
    server.publish([second]);
    assert.is(await whoIs(second, 12 * minute), 'alice');
    // The fetch continues in the background. The key is rejected once it has ended; if it never ends, the
    // time limit of the test fails it.
    let found: unknown;
    do found = await whoIs(first, 13 * minute);
    while (found !== 'unauthenticated');
    server.publish('away');
    setClock(120 * minute);
    assert.is(await whoIs(second, 14 * minute), 'alice');
  }));

test('while the address is away, the keys at hand go on for an hour', () =>
  inWorld([first], async ({ server, lines, whoIs }) => {
    assert.is(await whoIs(first, 0), 'alice');
    server.publish('away');
    for (const afterMs of [11 * minute, 59 * minute]) assert.is(await whoIs(first, afterMs), 'alice');
    assert.is(await whoIs(second, 59 * minute), 'overloaded', 'its key may be the new one');
    assert.is(await whoIs(first, 60 * minute), 'overloaded');
    server.publish([first]);
    assert.is(await whoIs(first, 61 * minute), 'alice');
    assert.ok(lines.length >= 2 && lines.every((line) => line.startsWith('warn')));
  }));

for (const away of ['away', 'nonsense'] as const) {
  test(`without a key nobody can tell: 503 and not 401 (${away}), asked again once a second`, () =>
    inWorld(away, async ({ server, lines, whoIs }) => {
      for (const afterMs of [0, 1, 999]) assert.is(await whoIs(first, afterMs), 'overloaded');
      assert.is(server.fetches(), 1);
      assert.is(lines.length, 1);
      server.publish([first]);
      assert.is(await whoIs(first, 1_000), 'alice');
    }));
}

test('nobody listening at all is 503 too', () =>
  inWorld([first], async ({ server, whoIs }) => {
    await server.close();
    assert.is(await whoIs(first, 0), 'overloaded');
  }));
