import type { CommandOptions } from '../../src/command/options.ts';
import { parseRequestId, partitionOf } from '../../src/domain/ids.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { RefusalReason } from '../../src/domain/reasons.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import {
  asAdmin,
  asAlice,
  idle,
  nowMs,
  serverOf,
  show,
  showId,
  standing,
  untouched,
  waitFor,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('command: change show');

type Answer = Partial<Extract<Outcome, { type: 'answer' }>>;

interface Patched {
  readonly options?: Partial<CommandOptions>;
  readonly payload?: object;
  readonly headers?: Record<string, string>;
  readonly url?: string;
}

const ifMatch = { 'if-match': `"7.${nowMs}"` };

const patch = async ({
  options = {},
  payload = { name: 'Second night' },
  headers = ifMatch,
  url = `/v1/shows/${showId}`,
}: Patched = {}) => {
  const app = serverOf({ command: options });
  const response = await app.inject({ method: 'PATCH', url, headers: { ...asAdmin, ...headers }, payload });
  await app.close();
  return response;
};

const answered = (answer: Answer): CommandOptions['outcomes'] => ({
  wait: (requestId) => waitFor({ type: 'answer', requestId, ...answer }),
});

const changeOf = async (payload: object, headers = ifMatch): Promise<RequestEvent | undefined> => {
  const appended: RequestEvent[] = [];
  const append = async (_partition: number, event: RequestEvent) => {
    appended.push(event);
    return { type: 'appended', streamId: newStreamId(nowMs, 0) } as const;
  };
  await patch({ options: { appender: { append } }, payload, headers });
  return appended[0];
};

test('200: the show as it is after the change, with its new ETag', async () => {
  const changed = { ...show, revision: 8, rules: { holdSeconds: 60, closed: true, maxPerCustomer: 4 } };
  const { statusCode, headers, json } = await patch({ options: { outcomes: answered({ show: changed }) } });
  assert.equal([statusCode, headers.etag], [200, `"8.${nowMs + 12}"`]);
  const { revision, holdSeconds, closed, maxPerCustomer } = json();
  assert.equal([revision, holdSeconds, closed, maxPerCustomer], [8, 60, true, 4]);
});

test('what is appended: the revision of If-Match, pools by id, cleared rules as null, a request id of its own', async () => {
  const event = await changeOf({
    name: 'Second night',
    pools: [
      { id: 'standing', capacity: 600 },
      { id: 'balcony', name: 'Balcony', capacity: 5 },
    ],
    maxPerRequest: null,
    holdSeconds: 60,
    opensAt: '2026-01-31T21:00:00.000+01:00',
    closesAt: null,
    closed: true,
    force: true,
  });
  assert.ok(event?.type === 'ShowChangeRequested');
  const { requestId, ...rest } = event;
  assert.ok(parseRequestId(requestId) && requestId !== showId);
  assert.is(partitionOf(requestId), partitionOf(showId));
  assert.equal(rest, {
    type: 'ShowChangeRequested',
    showId,
    revisions: [7],
    name: 'Second night',
    pools: [
      { id: standing, capacity: 600 },
      { id: 'balcony', name: 'Balcony', capacity: 5 },
    ],
    rules: {
      maxPerRequest: null,
      holdSeconds: 60,
      opensAtMs: Date.UTC(2026, 0, 31, 20),
      closesAtMs: null,
      closed: true,
    },
    force: true,
  });
});

test('reopening clears what closing set, and what is not named stays out of the event', async () => {
  const event = await changeOf({ closed: false });
  assert.ok(event?.type === 'ShowChangeRequested');
  assert.equal(event.rules, { closed: null });
  assert.equal([event.force, 'name' in event, 'pools' in event], [false, false, false]);
});

test('without If-Match it is 428, and nothing is appended', async () => {
  const appender = { append: untouched };
  const { statusCode, json } = await patch({ headers: {}, options: { appender } });
  assert.equal([statusCode, json().code], [428, 'revision-required']);
});

test('what If-Match names is in the entry: one revision, several or none for *; and what it cannot name is 400', async () => {
  for (const [text, revisions] of [
    ['W/"7.1"', [7]],
    ['"7.1", "8.1"', [7, 8]],
    ['*', undefined],
  ] as const) {
    const event = await changeOf({ name: 'Second night' }, { 'if-match': text });
    assert.equal(event?.type === 'ShowChangeRequested' && event.revisions, revisions, text);
  }
  for (const text of ['7', '']) {
    const refused = await patch({ headers: { 'if-match': text } });
    assert.equal([refused.statusCode, refused.json().errors?.[0]?.pointer], [400, 'if-match'], text);
  }
});

const refusals: readonly (readonly [RefusalReason, number])[] = [
  ['stale-revision', 412],
  ['capacity-below-committed', 409],
  ['unknown-pool', 422],
  ['invalid-request', 400],
  ['not-found', 404],
];

for (const [reason, status] of refusals) {
  test(`decided as ${reason}: ${status}, with the show in instance`, async () => {
    const outcomes = answered({ refusal: { reason, poolId: standing } });
    const { statusCode, json } = await patch({ options: { outcomes } });
    assert.equal(
      [statusCode, json().code, json().instance, json().poolId],
      [status, reason, `/v1/shows/${showId}`, 'standing'],
    );
  });
}

test('202 when it is not decided in time', async () => {
  const { statusCode, headers, json } = await patch();
  assert.equal([statusCode, headers.location, headers['retry-after']], [202, `/v1/shows/${showId}`, '1']);
  assert.equal(json(), { id: showId, status: 'pending' });
});

test('no queue is too long for it: whoever closes a show must not be turned away', async () => {
  const backlogs = { of: () => ({ ...idle, entries: 1_000_000 }) };
  const { statusCode } = await patch({ options: { backlogs }, payload: { closed: true } });
  assert.is(statusCode, 202);
});

/** The calls to the door and to the stream, in order. */
const doorOf = async (
  payload: object,
  refusal?: RefusalReason,
  text?: string,
): Promise<readonly string[]> => {
  const done: string[] = [];
  const options: Partial<CommandOptions> = {
    closings: {
      announceClosing: async ({ revision }) => void done.push(`shut ${revision}`),
      withdrawClosing: async () => void done.push('reopen'),
    },
    appender: {
      append: async () => {
        done.push('append');
        return { type: 'appended', streamId: newStreamId(nowMs, 0) };
      },
    },
    outcomes: answered(refusal ? { refusal: { reason: refusal } } : { show }),
  };
  await patch({ options, payload, ...(text !== undefined && { headers: { 'if-match': text } }) });
  return done;
};

test('closing shuts the door before it is in the queue, and opens it again when it is refused', async () => {
  assert.equal(await doorOf({ closed: true }), ['shut 7', 'append']);
  assert.equal(await doorOf({ closed: true }, 'capacity-below-committed'), ['shut 7', 'append', 'reopen']);
  assert.equal(await doorOf({ closed: false }), ['append']);
  assert.equal(await doorOf({ closed: true }, undefined, '"7.1", "7.2"'), ['shut 7', 'append']);
  // Several revisions are possible, so it is not known which revision of the board would open the door again.
  for (const text of ['*', '"7.1", "8.1"'])
    assert.equal(await doorOf({ closed: true }, undefined, text), ['append'], text);
});

test('only an admin changes shows, and only shows that can be', async () => {
  const app = serverOf();
  const url = `/v1/shows/${showId}`;
  const payload = { closed: true };
  const customer = await app.inject({ method: 'PATCH', url, headers: { ...asAlice, ...ifMatch }, payload });
  assert.is(customer.statusCode, 403);
  await app.close();
  assert.is((await patch({ url: '/v1/shows/x' })).statusCode, 404);
  assert.is((await patch({ url: `/v1/shows/${showId.replace('-8003-', '-8010-')}` })).statusCode, 404);
});

const pool = (id: string) => ({ id, capacity: 1 });
const mistakes: readonly (readonly [what: string, change: object, pointer: string])[] = [
  ['nothing to change', {}, '#'],
  ['no pools', { pools: [] }, '#/pools'],
  ['the same pool twice', { pools: [pool('a'), pool('a')] }, '#/pools/1/id'],
  ['a name taken away', { name: null }, '#/name'],
  ['an unknown property', { partition: 3 }, '#/partition'],
  ['a hold of no time', { holdSeconds: 0 }, '#/holdSeconds'],
  ['closed as a word', { closed: 'true' }, '#/closed'],
  [
    'closing before opening',
    { opensAt: '2026-02-01T00:00:00Z', closesAt: '2026-01-01T00:00:00Z' },
    '#/closesAt',
  ],
  ['a time that does not exist', { closesAt: '2026-12-31T23:59:60Z' }, '#/closesAt'],
];

for (const [what, change, pointer] of mistakes) {
  test(`${what} is 400 at ${pointer}`, async () => {
    const { statusCode, json } = await patch({ payload: change });
    assert.equal(
      [statusCode, json().errors?.map((one: { pointer: string }) => one.pointer)],
      [400, [pointer]],
    );
  });
}

test('a log that refuses or is silent: 503, each its own', async () => {
  const refused = await patch({
    options: { appender: { append: async () => ({ type: 'refused', why: '' }) } },
  });
  assert.equal([refused.statusCode, refused.json().code], [503, 'overloaded']);
  const unknown = await patch({
    options: { appender: { append: async () => ({ type: 'unknown', why: '' }) } },
  });
  assert.equal([unknown.json().code, unknown.json().instance], ['outcome-unknown', `/v1/shows/${showId}`]);
});
