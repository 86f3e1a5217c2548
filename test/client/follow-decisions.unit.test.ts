import { type AnswerTo, type Client, newClient } from '../../src/client/client.ts';
import { assert, suite } from '../support/suite.ts';
import { drop, json, problem, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const test = suite('client: following the feed', { timeoutMs: 10_000 });

let service: ScriptedServer;
let client: Client;

test.before(async () => {
  service = await startScriptedServer();
  client = newClient({
    baseUrl: service.url,
    retrying: { firstPauseMs: 1, pauseMsMax: 2, triesMax: 2, retryAfterMsMax: 0 },
  });
});

test.after(() => service.close());

const page = (nextCursor: string, ...ids: readonly string[]) =>
  json(200, { data: ids.map((id) => ({ id, type: 'onsale.hold.expired' })), nextCursor });

/** What is told until so many pages, or the end. */
const follow = async (
  pages: number,
  options: Parameters<Client['decisions']>[0] = {},
): Promise<readonly string[]> => {
  const told: string[] = [];
  for await (const answer of client.decisions(options)) {
    told.push(textOf(answer));
    if (told.length === pages) break;
  }
  return told;
};

const textOf = (answer: AnswerTo<'decisions'>): string =>
  answer.ok
    ? `${answer.data.data.map(({ id }) => id).join(' ')} until ${answer.data.nextCursor}`
    : answer.problem.code;

const asked = (): readonly unknown[] =>
  service.seen.map(({ url }) => new URL(url, service.url).searchParams.get('after'));

test('each page goes on from the cursor of the one before, with the same filters', async () => {
  service.replies(page('a', '1', '2'), page('b', '3'));
  assert.equal(await follow(2, { after: 'now', types: 'hold.*', limit: 2 }), ['1 2 until a', '3 until b']);
  assert.equal(asked(), ['now', 'a']);
  const filters = service.seen.map(({ url }) => new URL(url, service.url).searchParams);
  assert.ok(filters.every((each) => each.get('types') === 'hold.*' && each.get('limit') === '2'));
  assert.is(service.seen[0]?.headers['prefer'], 'wait=30');
});

test('an outage is waited for, and nothing is read twice or skipped', async () => {
  service.replies(
    page('a', '1'),
    problem(503, 'overloaded'),
    drop,
    drop,
    problem(429, 'too-many-requests'),
    page('b', '2'),
  );
  assert.equal(await follow(2), ['1 until a', '2 until b']);
  assert.equal(asked(), [null, 'a', 'a', 'a', 'a', 'a']);
});

test('a problem that waiting does not mend is the last that is told', async () => {
  service.replies(page('a', '1'), problem(410, 'history-changed'));
  assert.equal(await follow(9), ['1 until a', 'history-changed']);
});

test('a page without decisions is told where the place moved on, and only there', async () => {
  service.replies(page('a'), page('a'), page('b', '1'));
  assert.equal(await follow(2), [' until a', '1 until b']);
  assert.equal(asked(), [null, 'a', 'a']);
});
