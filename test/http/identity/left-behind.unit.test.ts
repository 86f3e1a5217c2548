import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import type { Identity } from '../../../src/http/identity/identity.ts';
import { localIdentity } from '../../../src/http/identity/local-identity.ts';
import { newListening } from '../../../src/log/outcomes/listening.ts';
import { defaultStreamLimits } from '../../../src/query/event-streams.ts';
import { openStream } from '../../query/sse.ts';
import { held, id, path, until, watermark } from '../../query/update-world.ts';
import { assert, suite } from '../../support/suite.ts';
import { asAlice, emptyReader, loggerInto, serverOf, show, showId, standing } from '../fakes.ts';
import { head, openWire, post, untilAllGone } from '../wire.ts';

const test = suite('http: clients that leave', { timeoutMs: 30_000 });

const limitMs = 6_000;
const streamsMax = 9;
const limits = { ...defaultStreamLimits, max: streamsMax, perCustomer: streamsMax, perAddress: streamsMax };

/**
 * A server in which each step of a request takes the next number of ms in `delays`. It waits and watches as
 * in production, and nothing is ever decided.
 */
const openWorld = async () => {
  let delays: readonly number[] = [];
  let steps = 0;
  const slowly = async (): Promise<void> => {
    steps += 1;
    const ms = delays.length === 0 ? 0 : (delays[steps % delays.length] ?? 0);
    if (ms > 8) throw new Error('connect ECONNREFUSED');
    if (ms > 0) await pause(ms);
  };
  const identity: Identity = {
    ...localIdentity,
    identify: async (headers) => {
      // The caller is identified in any case, even if that is late.
      await slowly().catch(() => undefined);
      return localIdentity.identify(headers);
    },
  };
  const { outcomes, waiting, watching, stop } = newListening({
    subscribe: () => ({ want: () => true, stop: () => undefined }),
    lookUp: async () => new Map(),
    logger: loggerInto([]),
  });
  const reader = {
    ...emptyReader,
    reservation: async () => {
      await slowly();
      return { watermark, reservation: { ...held, status: 'pending' as const } };
    },
    show: async () => {
      await slowly();
      return { show };
    },
  };
  const app = serverOf({
    command: { identity, outcomes },
    query: { identity, outcomes, watches: outcomes, reader, streamLimits: limits },
  });
  await openStream(app, path, asAlice).then((stream) => stream.close());
  return {
    app,
    waits: waiting,
    watches: watching,
    setDelays: (next: readonly number[]): void => {
      delays = next;
    },
    close: async () => {
      app.server.closeAllConnections();
      await app.close();
      stop();
    },
  };
};

const wait = { Prefer: 'wait=30' };
const one = { lines: [{ poolId: standing, quantity: 1 }] };

const showPath = `/v1/shows/${showId}/updates`;
const ofOne = `/v1/reservations/${id}`;
const waiting = { ...asAlice, ...wait };

/**
 * Requests of every kind that takes a resource, and some that take none; with names, so that a counterexample
 * is readable.
 */
const requests = {
  stream: head(`GET ${path}`, asAlice),
  streamHead: head(`HEAD ${path}`, asAlice),
  streamOfNobody: head(`GET ${path}`),
  streamWithBody: head(`GET ${path}`, { ...asAlice, 'Content-Length': '9' }, 'x'.repeat(9)),
  streamWithLongBody: head(`GET ${path}`, { ...asAlice, 'Content-Length': '70000' }, 'x'.repeat(70_000)),
  showStream: head(`GET ${showPath}`),
  showHead: head(`HEAD ${showPath}`),
  poll: head(`GET ${ofOne}`, waiting),
  pollHead: head(`HEAD ${ofOne}`, waiting),
  pollWithLongBody: head(`GET ${ofOne}`, { ...waiting, 'Content-Length': '70000' }, 'x'.repeat(70_000)),
  read: head(`GET ${ofOne}`, asAlice),
  reserve: post('/v1/reservations', { showId, ...one }, waiting),
  confirm: post(`${ofOne}/confirm`, {}, asAlice),
  cancelByKey: post(`${ofOne}/cancel`, {}, { ...asAlice, 'Idempotency-Key': 'again' }),
  refused: post('/v1/reservations', { showId }, waiting),
  shows: head('GET /v1/shows'),
  nonsense: 'what is no request',
} as const;

type Name = keyof typeof requests;
const names = Object.keys(requests).filter((name): name is Name => name in requests);

interface Visit {
  readonly asked: readonly Name[];
  /** The share of the bytes that is sent, because a client may leave in the middle of a request. */
  readonly sentShare: number;
  readonly leavesAfterMs: number;
  readonly how: 'destroy' | 'resetAndDestroy' | 'end';
}

const anyVisit: fc.Arbitrary<Visit> = fc.record({
  asked: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }),
  sentShare: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
  leavesAfterMs: fc.nat({ max: 12 }),
  how: fc.constantFrom('destroy', 'resetAndDestroy', 'end'),
});

const timers = (): number => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length;

test('whatever clients took is given back when they have gone, however and whenever they went', async () => {
  const { app, waits, watches, setDelays, close } = await openWorld();
  await until(() => watches() === 0);
  let visits = 0;
  const come = async ({ asked, sentShare, leavesAfterMs, how }: Visit): Promise<void> => {
    const bytes = asked.map((name) => requests[name]).join('');
    const { socket } = await openWire(app, bytes.slice(0, Math.ceil(bytes.length * sentShare)));
    await pause(leavesAfterMs);
    socket[how]();
    visits += 1;
  };
  const nobodyLeft = async (): Promise<void> => {
    await untilAllGone(app);
    await until(() => waits() === 0 && watches() === 0).catch(() => {
      throw new Error(`${waits()} wait and ${watches()} watch still`);
    });
  };
  try {
    const found = await fc.check(
      fc.asyncProperty(
        fc.array(anyVisit, { minLength: 1, maxLength: 20 }),
        fc.array(fc.nat({ max: 9 }), { maxLength: 7 }),
        async (some, delays) => {
          setDelays(delays);
          const timersBefore = timers();
          await Promise.all(some.map(come));
          await nobodyLeft();
          setDelays([]);
          await until(() => timers() <= timersBefore).catch(() => {
            throw new Error(`${timers()} timers, and ${timersBefore} before`);
          });
          const streams = await Promise.all(
            Array.from({ length: streamsMax }, () => openStream(app, path, asAlice)),
          );
          assert.equal(
            streams.map(({ response }) => response.statusCode),
            Array(streamsMax).fill(200),
          );
          for (const stream of streams) stream.close();
          await nobodyLeft();
        },
      ),
      { numRuns: 300, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false, endOnFailure: true },
    );
    assert.is(found.failed, false, `${found.errorInstance}\n${fc.defaultReportMessage(found)}`);
  } finally {
    await close();
  }
  assert.ok(visits > 20, `only ${visits} visits`);
});
