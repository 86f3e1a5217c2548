import fc from 'fast-check';
import { type AnyCall, anyCallOf, wrongCallOf } from '../http/any-call.ts';
import type { Known } from '../http/any-value.ts';
import { type CallableApi, newJudge, parseCallableApi, type Told } from '../http/judge-answer.ts';
import { audit } from '../support/audit.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('generated calls against the contract', { timeoutMs: 90_000 });

const limitMs = 15_000;
/** Fewer calls prove nothing; from `callsEnough` on, every operation must have succeeded once. */
const callsMin = 300;
const callsEnough = 1_500;
const goodCallsMax = 500;
const partitions = 16;

let backends: Backends;
let onsale: Onsale;
let document: CallableApi;

test.before(async () => {
  backends = await startBackends();
  onsale = await startOnsale({
    roles: ['command', 'query', 'projector'],
    ...backends.urls,
    env: { ONSALE_PARTITIONS: String(partitions) },
  });
  document = parseCallableApi(await (await fetch(`${onsale.url}/openapi.json`)).text());
});

test.after(async () => {
  await onsale?.stop();
  await backends.remove();
});

const send = async ({ method, path, headers, body }: AnyCall): Promise<Told> => {
  const response = await fetch(`${onsale.url}${path}`, {
    method: method.toUpperCase(),
    headers,
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(40_000),
  });
  const { status } = response;
  const type = response.headers.get('content-type') ?? '';
  // A stream never ends: that it was opened is the answer.
  if (!type.startsWith('text/event-stream')) return { status, type, text: await response.text() };
  await response.body?.cancel();
  return { status, type, text: '' };
};

const idIn = (text: string): string | undefined => /"id":"([0-9a-f-]{36})"/.exec(text)?.[1];

/** Creates objects for the calls: shows with and without holds, and reservations in several states. */
const startingWith = async (): Promise<Known> => {
  const rules = [{}, { holdSeconds: 60 }, { holdSeconds: 1, maxPerCustomer: 1_000 }];
  const shows = await Promise.all(
    rules.map((each) => openShow(onsale.url, { stalls: 100_000, balcony: 100_000 }, each)),
  );
  const made = await Promise.all(
    [...shows, ...shows].map((showId) =>
      reserve(onsale.url, { customer: 'ann', showId, quantity: 1, wait: 30 }),
    ),
  );
  return { shows, reservations: made.map(({ body }) => String(body['id'])) };
};

/** No accepted request is undecided, decided twice, or parked. Holds continue to lapse meanwhile. */
const allDecided = async (accepted: readonly string[]): Promise<void> => {
  await untilDecided(backends.urls);
  const { faults, parked } = await audit({ ...backends.urls, accepted });
  assert.equal([faults.lost, faults.duplicated], [[], []]);
  assert.equal(parked, 0, 'nothing that came by HTTP is parked');
};

test('no call breaks anything, every answer is documented, and what was accepted is decided', async () => {
  const known = await startingWith();
  const judge = newJudge(document);
  const offered = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const seen = new Map<string, Set<number>>(
    offered.map(({ operation }) => [operation.operationId, new Set()]),
  );
  let calls = 0;
  const answered = async (call: AnyCall): Promise<void> => {
    const told = await send(call);
    calls += 1;
    const shown = `${told.status} ${told.text.slice(0, 500)}\n${JSON.stringify(call)}`;
    const fault = judge(call, told);
    assert.is(fault, undefined, `${fault}: ${shown}`);
    if (call.operation) seen.get(call.operation.operationId)?.add(Math.floor(told.status / 100));
    const id = told.status < 300 && call.method === 'post' ? idIn(told.text) : undefined;
    if (id !== undefined) known[call.path.startsWith('/v1/shows') ? 'shows' : 'reservations'].push(id);
  };
  const anyCall = fc.oneof(
    ...offered.map((each) => ({ weight: 20, arbitrary: anyCallOf(each, known) })),
    ...offered.map((each) => ({
      weight: 1,
      arbitrary: wrongCallOf(each, Object.keys(document.paths[each.path] ?? {}), known),
    })),
  );
  // Ends after a fixed time; a machine that made too few calls in it continues.
  do
    await fc.assert(
      fc.asyncProperty(fc.array(anyCall, { minLength: 16, maxLength: 32 }), async (batch) => {
        await Promise.all(batch.map(answered));
      }),
      { numRuns: 400, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false },
    );
  while (calls < callsMin);
  // By chance an operation may not have succeeded yet: an administrator calls it until it does.
  for (const each of offered)
    for (const call of fc.sample(anyCallOf(each, known), goodCallsMax)) {
      if (seen.get(each.operation.operationId)?.has(2)) break;
      await answered({ ...call, headers: { ...call.headers, 'x-customer-id': 'ann', 'x-admin': 'true' } });
    }
  const never = [...seen].filter(([, classes]) => !classes.has(2)).map(([operation]) => operation);
  if (calls >= callsEnough) assert.equal(never, [], 'these never succeeded');
  await allDecided([...known.shows, ...known.reservations]);
  assert.not(onsale.hasExited());
  assert.equal(
    onsale.log.filter((line) => line.includes('"level":50') || line.includes('"level":"error"')),
    [],
  );
});
