import fc from 'fast-check';
import type { Identity } from '../../../src/http/identity/identity.ts';
import { localIdentity } from '../../../src/http/identity/local-identity.ts';
import { newReservationIds } from '../../../src/http/identity/reservation-ids.ts';
import { cpuMs } from '../../support/cpu-ms.ts';
import { assert, suite } from '../../support/suite.ts';
import { type AnyCall, anyCallOf, isTwice, wrongCallOf } from '../any-call.ts';
import type { Known } from '../any-value.ts';
import { newDecidingWorld } from '../deciding-world.ts';
import { documentation, type Logged, loggerInto, nowMs, serverOf } from '../fakes.ts';
import { newJudge, parseCallableApi, type Told } from '../judge-answer.ts';
import { secret, tokenIdentity } from '../token-identity.ts';
import { type Claims, signWithSecret } from '../token-issuer.ts';

const test = suite('http: any value in any field', { timeoutMs: 30_000 });

const limitMs = 6_000;
/** Fewer calls prove nothing; after `callsEnough` calls, each operation must have succeeded once. */
const callsMin = 200;
const callsEnough = 2_000;
/**
 * The maximum for an operation that has not succeeded yet, because its answer depends on the ids that were
 * chosen.
 */
const goodCallsMax = 500;
/** For a call that does not wait: a slower one would mean that some code reads its text again and again. */
const slowMs = 2_000;
const jwtIdentity = tokenIdentity();

/** A server over a deciding world, the lines that it logged, and a function that calls it. */
const openWorld = async (identity: Identity) => {
  const world = newDecidingWorld();
  const lines: Logged[] = [];
  const stopping = new AbortController();
  let made = 0;
  // A different id each time, as from a random source, but the same ids in every run.
  const random = (): number => {
    made += 1;
    return (made * 0.618_033_988_749_894_9) % 1;
  };
  const common = {
    identity,
    stopping: stopping.signal,
    reservationIds: newReservationIds({ keys: ['a key of the tests'], nowMs: () => nowMs, random }),
  };
  const app = serverOf({
    documentation: { ...documentation, securitySchemes: identity.securitySchemes },
    logger: loggerInto(lines),
    command: { ...common, ...world.command, random },
    query: { ...common, ...world.query },
  });
  const send = async ({ method, path, headers, body }: AnyCall): Promise<Told> => {
    const response = await app.inject({
      method: parseMethod(method),
      url: path,
      headers,
      payloadAsStream: true,
      ...(body !== undefined && { payload: body }),
    });
    const type = String(response.headers['content-type'] ?? '');
    const stream = response.stream();
    if (!type.startsWith('text/event-stream'))
      return { status: response.statusCode, type, text: await textOf(stream) };
    stream.destroy();
    response.raw.res.destroy();
    return { status: response.statusCode, type, text: '' };
  };
  return {
    world,
    lines,
    send,
    document: parseCallableApi((await app.inject('/openapi.json')).body),
    close: async () => {
      stopping.abort();
      await app.close();
    },
  };
};

const textOf = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
const parseMethod = (method: string): Method => method.toUpperCase() as Method;

type Headers = Readonly<Record<string, string>>;

/** Mostly a caller with the needed rights, by headers that this identity accepts. */
const asSomebody = (call: AnyCall, who: Headers): AnyCall => ({
  ...call,
  headers: { ...call.headers, ...who },
});

/** Some resources of each kind: without holds, with holds, and with holds that only a service confirms. */
const startingWith = async (send: (call: AnyCall) => Promise<Told>, admin: Headers): Promise<Known> => {
  const known: Known = { shows: [], reservations: [] };
  const headers = { 'content-type': 'application/json', 'x-customer-id': 'ann', ...admin };
  const make = async (path: string, body: object): Promise<string> => {
    const call = { operation: undefined, method: 'post', path, headers, body: JSON.stringify(body) };
    const { text } = await send(call);
    return /"id":"([0-9a-f-]{36})"/.exec(text)?.[1] ?? `not made: ${text}`;
  };
  const pools = [
    { id: 'stalls', name: 'Stalls', capacity: 50_000 },
    { id: 'balcony', name: 'Balcony', capacity: 50 },
  ];
  for (const rules of [
    {},
    { holdSeconds: 60 },
    { holdSeconds: 60, confirmBy: 'service', maxPerCustomer: 500 },
  ])
    known.shows.push(await make('/v1/shows', { name: 'A show', pools, ...rules }));
  for (const showId of [...known.shows, ...known.shows])
    known.reservations.push(
      await make('/v1/reservations', { showId, lines: [{ poolId: 'stalls', quantity: 2 }] }),
    );
  return known;
};

const fuzz = async (identity: Identity, identities: fc.Arbitrary<Headers>, admin: Headers): Promise<void> => {
  const opened = await openWorld(identity);
  const { document, world, lines, send } = opened;
  const judge = newJudge(document);
  const known = await startingWith(send, admin);
  const offered = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const succeeded = new Map(offered.map(({ operation }) => [operation.operationId, 0]));
  let calls = 0;
  let slowestMs = 0;
  const answered = async (call: AnyCall): Promise<void> => {
    const begunMs = cpuMs();
    const told = await send(call);
    calls += 1;
    slowestMs = Math.max(slowestMs, cpuMs() - begunMs);
    const fault = judge(call, told);
    const shown = `${fault}: ${told.status} ${told.text.slice(0, 500)}\n${JSON.stringify(call)}\n${JSON.stringify(lines.at(-1)?.fields, Object.getOwnPropertyNames(Error.prototype))}`;
    assert.is(fault, undefined, shown);
    assert.not(
      lines.some(({ level }) => level === 'error'),
      shown,
    );
    if (told.status >= 300) return;
    assert.not(call.body?.includes(isTwice), shown);
    assert.not(/At":"(?!\d{4}-)/.test(told.text), `a year of other than four digits: ${shown}`);
    const id = call.operation && succeeded.get(call.operation.operationId);
    if (call.operation && id !== undefined) succeeded.set(call.operation.operationId, id + 1);
    const made = call.method === 'post' ? /"id":"([0-9a-f-]{36})"/.exec(told.text)?.[1] : undefined;
    if (made !== undefined) known[call.path.startsWith('/v1/shows') ? 'shows' : 'reservations'].push(made);
  };
  const anyCall = fc.oneof(
    ...offered.map((each) => ({ weight: 12, arbitrary: anyCallOf(each, known) })),
    ...offered.map((each) => ({
      weight: 1,
      arbitrary: wrongCallOf(each, Object.keys(document.paths[each.path] ?? {}), known),
    })),
  );
  const some = fc.array(fc.tuple(anyCall, identities), { minLength: 8, maxLength: 24 });
  try {
    // Normally the time limit ends the loop; a machine that has made too few calls by then continues.
    do
      await fc.assert(
        fc.asyncProperty(some, async (batch) => {
          for (const [call, who] of batch) await answered(asSomebody(call, who));
        }),
        { numRuns: 400, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false },
      );
    while (calls < callsMin);
    // Operations that by chance have not succeeded yet are called by an administrator until they do.
    for (const each of offered)
      for (const call of fc.sample(anyCallOf(each, known), goodCallsMax)) {
        if (succeeded.get(each.operation.operationId) !== 0) break;
        await answered(asSomebody(call, admin));
      }
  } finally {
    await opened.close();
  }
  assert.ok(slowestMs < slowMs, `${Math.round(slowestMs)} ms for one call`);
  const never = [...succeeded].filter(([, times]) => times === 0).map(([operation]) => operation);
  if (calls >= callsEnough) assert.equal(never, [], 'these never succeeded');
  assert.equal(world.parked, [], 'nothing that came by HTTP is parked');
  assert.ok(world.decided() > calls / 50, `only ${world.decided()} decisions`);
};

test('callers named by headers: every answer is documented for its route, and nothing breaks', async () => {
  await fuzz(localIdentity, fc.constant({}), { 'x-admin': 'true' });
});

test('callers named by tokens, good ones and bad: every answer is documented for its route', async () => {
  const token = (more: Claims): Promise<string> => signWithSecret(secret, more);
  const good = await Promise.all([
    token({ sub: 'ann', scope: 'onsale:admin' }),
    token({ sub: 'ann' }),
    token({ sub: 'till', scope: 'onsale:service' }),
  ]);
  const [first = ''] = good;
  const bearer = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.nat({ max: first.length }).map((n) => first.slice(0, n)) },
    { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{0,20}(\.[A-Za-z0-9_-]{0,20}){0,4}$/) },
  );
  const schemes = fc.oneof(
    { weight: 20, arbitrary: fc.constant('Bearer ') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('bearer ', 'Basic ', '', 'Bearer', 'Bearer  ', 'Bearer, Bearer '),
    },
  );
  await fuzz(
    jwtIdentity,
    fc.tuple(schemes, bearer).map(([scheme, text]): Headers => ({ authorization: `${scheme}${text}` })),
    { authorization: `Bearer ${first}` },
  );
});
