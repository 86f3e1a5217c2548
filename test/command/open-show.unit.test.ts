import type { CommandOptions } from '../../src/command/options.ts';
import { parseShowId, partitionOf, type ShowId } from '../../src/domain/ids.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { AppendVerdict } from '../../src/log/contract.ts';
import { asAdmin, asAlice, idle, nowMs, serverOf, show, waitFor } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('command: open show');

const body = {
  name: 'Opening night',
  pools: [{ id: 'standing', name: 'Standing', capacity: 500 }],
  maxPerRequest: 6,
  opensAt: '2026-01-31T21:00:00.000+01:00',
  closesAt: '2026-02-01T00:00:00Z',
};

interface Posted {
  readonly options?: Partial<CommandOptions>;
  readonly payload?: object;
  readonly headers?: Record<string, string>;
}

const post = async ({ options = {}, payload = body, headers = asAdmin }: Posted = {}) => {
  const app = serverOf({ command: options });
  const response = await app.inject({ method: 'POST', url: '/v1/shows', headers, payload });
  await app.close();
  return response;
};

const showIdOf = (text: string): ShowId => {
  const id = parseShowId(text);
  if (!id) throw new Error(`no show id: ${text}`);
  return id;
};

const idIn = (location: unknown): ShowId => showIdOf(String(location).replace('/v1/shows/', ''));

const appending = (into: RequestEvent[], verdict?: AppendVerdict): CommandOptions['appender'] => ({
  append: async (_partition, event) => {
    into.push(event);
    return verdict ?? { type: 'appended', streamId: newStreamId(nowMs, 0) };
  },
});

const opened: CommandOptions['outcomes'] = {
  wait: (id) => waitFor({ type: 'show', show: { ...show, showId: showIdOf(id) } }),
};

test('201: the show, where it is and its ETag', async () => {
  const { statusCode, headers, json } = await post({ options: { outcomes: opened } });
  assert.is(statusCode, 201);
  assert.is(headers.etag, `"1.${nowMs + 12}"`);
  assert.is(partitionOf(idIn(headers.location)), 5);
  assert.equal(json(), {
    id: idIn(headers.location),
    name: 'Opening night',
    revision: 1,
    pools: [{ id: 'standing', name: 'Standing', capacity: 500, held: 0, confirmed: 3, available: 497 }],
    openedAt: '2026-01-31T20:00:00.000Z',
    asOf: '2026-01-31T20:00:00.012Z',
  });
});

test('what is appended: the rules with times in ms, under an id of the partition', async () => {
  const events: RequestEvent[] = [];
  const { headers } = await post({
    options: { appender: appending(events) },
    payload: { ...body, partition: 15 },
  });
  const showId = idIn(headers.location);
  assert.is(partitionOf(showId), 15);
  const rules = { maxPerRequest: 6, opensAtMs: Date.UTC(2026, 0, 31, 20), closesAtMs: Date.UTC(2026, 1, 1) };
  assert.equal(events, [{ type: 'ShowOpeningRequested', showId, name: body.name, pools: body.pools, rules }]);
});

test('a time may name its zone: it is the instant that is meant', async () => {
  const opensAt = '2026-01-31T21:00:00+01:00[!Europe/Berlin][u-ca=gregory]';
  const events: RequestEvent[] = [];
  await post({ options: { appender: appending(events) }, payload: { ...body, opensAt } });
  const [event] = events;
  assert.is(event?.type === 'ShowOpeningRequested' && event.rules.opensAtMs, Date.UTC(2026, 0, 31, 20));
});

test('202 when it is not decided in time', async () => {
  const { statusCode, headers, json } = await post();
  assert.is(statusCode, 202);
  assert.equal(json(), { id: idIn(headers.location), status: 'pending' });
  assert.is(headers['retry-after'], '1');
});

test('only an admin opens shows', async () => {
  assert.equal((await post({ headers: {} })).json().code, 'unauthenticated');
  const customer = await post({ headers: asAlice });
  assert.equal([customer.statusCode, customer.json().code], [403, 'forbidden']);
});

const pool = (id: string) => ({ id, name: 'x', capacity: 1 });
const mistakes: readonly (readonly [what: string, change: object, pointer: string])[] = [
  ['no pools', { pools: [] }, '#/pools'],
  ['101 pools', { pools: Array.from({ length: 101 }, (_, n) => pool(`p${n}`)) }, '#/pools'],
  ['the same pool twice', { pools: [pool('a'), pool('b'), pool('a')] }, '#/pools/2/id'],
  ['a capacity below 0', { pools: [{ ...pool('a'), capacity: -1 }] }, '#/pools/0/capacity'],
  ['a capacity over the limit', { pools: [{ ...pool('a'), capacity: 2_000_000_001 }] }, '#/pools/0/capacity'],
  ['no name', { name: '' }, '#/name'],
  ['a name over 200 characters', { name: 'x'.repeat(201) }, '#/name'],
  ['a time without an offset', { opensAt: '2026-01-31T20:00:00' }, '#/opensAt'],
  ['a time that does not exist', { closesAt: '2026-12-31T23:59:60Z' }, '#/closesAt'],
  ['a time that contradicts its zone', { opensAt: '2026-01-31T20:00:00+05:00[!Europe/Berlin]' }, '#/opensAt'],
  ['a year of five digits', { closesAt: '9999-12-31T23:59:59-23:59' }, '#/closesAt'],
  ['closing before opening', { closesAt: '2026-01-31T19:00:00Z' }, '#/closesAt'],
  ['a limit of none', { maxPerRequest: 0 }, '#/maxPerRequest'],
  ['a partition that is not there', { partition: 16 }, '#/partition'],
  ['an option of another version', { waitlist: true }, '#/waitlist'],
  ['a hold of no time', { holdSeconds: 0 }, '#/holdSeconds'],
  ['a hold over a day', { holdSeconds: 86_401 }, '#/holdSeconds'],
  ['a confirmer nobody knows', { confirmBy: 'admin' }, '#/confirmBy'],
  ['nothing for anybody', { maxPerCustomer: 0 }, '#/maxPerCustomer'],
  ['a rule that only a change may clear', { holdSeconds: null }, '#/holdSeconds'],
  ['closed before it is open', { closed: true }, '#/closed'],
];

for (const [what, change, pointer] of mistakes) {
  test(`${what} is 400 at ${pointer}`, async () => {
    const { statusCode, json } = await post({ payload: { ...body, ...change } });
    assert.is(statusCode, 400);
    assert.equal(
      json().errors.map((one: { pointer: string }) => one.pointer),
      [pointer],
    );
  });
}

test('nobody to choose a partition, a full queue, a log that refuses or is silent: 503, each its own', async () => {
  const choosePartition = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  assert.is((await post({ options: { choosePartition } })).json().code, 'overloaded');
  const backlogs = { of: () => ({ ...idle, entries: 1_000_000 }) };
  assert.is((await post({ options: { backlogs } })).json().code, 'overloaded');
  const refused = await post({ options: { appender: appending([], { type: 'refused', why: '' }) } });
  assert.is(refused.json().code, 'overloaded');
  const unknown = await post({ options: { appender: appending([], { type: 'unknown', why: '' }) } });
  assert.is(unknown.json().code, 'outcome-unknown');
  assert.match(unknown.json().instance, /^\/v1\/shows\//);
});
