import fc from 'fast-check';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Compile } from 'typebox/schema';
import { problemCodes } from '../../src/http/problems.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { assert, suite } from '../support/suite.ts';
import { type AnyCall, anyCallOf, type Operation } from './any-call.ts';
import type { Known, Schema } from './any-value.ts';

const test = suite('generated calls against the contract', { timeoutMs: 90_000 });

const limitMs = 20_000;
const callsMin = 2_000;

let backends: Backends;
let onsale: Onsale;
let document: OpenApi;

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const parseDocument = (text: string): OpenApi => JSON.parse(text) as OpenApi;

test.before(async () => {
  backends = await startBackends();
  onsale = await startOnsale({ roles: ['command', 'query', 'projector'], ...backends.urls });
  document = parseDocument(await (await fetch(`${onsale.url}/openapi.json`)).text());
});

test.after(async () => {
  await onsale?.stop();
  await backends.remove();
});

interface Told {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const send = async ({ method, path, headers, body }: AnyCall): Promise<Told> => {
  const response = await fetch(`${onsale.url}${path}`, {
    method: method.toUpperCase(),
    headers,
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(40_000),
  });
  const { status } = response;
  const type = response.headers.get('content-type') ?? '';
  // A stream goes on for ever: that it was opened is the answer.
  if (!type.startsWith('text/event-stream')) return { status, type, text: await response.text() };
  await response.body?.cancel();
  return { status, type, text: '' };
};

const validators = new Map<Schema, ReturnType<typeof Compile>>();

const parseSchema = (schema: Schema): Schema =>
  JSON.parse(
    JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll(
      '#/components/schemas/',
      '#/$defs/',
    ),
  ) as Schema;

/** The document's own words about this answer. */
const isAsDescribed = (schema: Schema, value: unknown): boolean => {
  const compiled = validators.get(schema) ?? Compile(parseSchema(schema));
  validators.set(schema, compiled);
  return compiled.Check(value);
};

/** What is wrong with an answer; undefined when nothing is. */
const faultIn = ({ operation }: AnyCall, { status, type, text }: Told): string | undefined => {
  if (status >= 500 && status !== 503) return 'broken';
  const described = operation.responses[String(status)];
  if (!described) return 'a status that is not documented';
  const [media = ''] = type.split(';');
  const schema = described.content?.[media]?.schema;
  if (text === '' && status < 400) return undefined;
  if (!schema) return `a body of ${type} that is not documented`;
  const value: unknown = JSON.parse(text);
  if (!isAsDescribed(schema, value)) return 'a body that is not as described';
  return status >= 400 ? faultInProblem(status, Object(value)) : undefined;
};

const faultInProblem = (status: number, problem: Readonly<Record<string, unknown>>): string | undefined => {
  if (problem['status'] !== status) return 'a problem of another status';
  if (!problemCodes.some((code) => code === problem['code'])) return 'a code that is not in the list';
  return problem['type'] === `/problems/${problem['code']}` ? undefined : 'a type that is not its code';
};

const idIn = (text: string): string | undefined => /"id":"([0-9a-f-]{36})"/.exec(text)?.[1];

/** Some of each that calls may be about: shows with and without holds, reservations in several states. */
const startingWith = async (): Promise<Known> => {
  const rules = [{}, { holdSeconds: 60 }, { holdSeconds: 1, maxPerCustomer: 1_000 }];
  const shows = await Promise.all(
    rules.map((each) => openShow(onsale.url, { stalls: 100_000, balcony: 100_000 }, each)),
  );
  const made = await Promise.all(
    [...shows, ...shows].map((showId) =>
      reserve(onsale.url, { customer: 'ann', showId, quantity: 1, wait: 10 }),
    ),
  );
  return { shows, reservations: made.map(({ body }) => String(body['id'])) };
};

const parkedEntries = async (): Promise<unknown> => {
  const connection = await createConnection(backends.urls.databaseUrl);
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT * FROM parked');
    return rows;
  } finally {
    await connection.end();
  }
};

test('no call breaks anything, every answer is documented, and no entry is parked', async () => {
  const known = await startingWith();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const seen = new Map<string, Set<number>>(
    operations.map(({ operation }) => [operation.operationId, new Set()]),
  );
  let calls = 0;
  const answered = async (call: AnyCall): Promise<void> => {
    const told = await send(call);
    calls += 1;
    seen.get(call.operation.operationId)?.add(Math.floor(told.status / 100));
    const id = told.status < 300 && call.method === 'post' ? idIn(told.text) : undefined;
    if (id !== undefined) known[call.path === '/v1/shows' ? 'shows' : 'reservations'].push(id);
    const fault = faultIn(call, told);
    assert.is(
      fault,
      undefined,
      `${fault}: ${told.status} ${told.text.slice(0, 500)}\n${JSON.stringify(call)}`,
    );
  };
  const some = fc.array(fc.oneof(...operations.map((each) => anyCallOf(each, known))), {
    minLength: 16,
    maxLength: 32,
  });
  await fc.assert(
    fc.asyncProperty(some, async (batch) => {
      await Promise.all(batch.map(answered));
    }),
    { numRuns: 400, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false },
  );
  assert.ok(calls >= callsMin, `only ${calls} calls`);
  for (const [operation, classes] of seen) assert.ok(classes.has(2), `${operation} never succeeded`);
  await untilDecided(backends.urls);
  assert.equal(await parkedEntries(), []);
});
