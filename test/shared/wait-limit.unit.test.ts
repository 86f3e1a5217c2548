import { waitUntil } from '../../infra/local/wait-until.ts';
import { newSilenceLimit, type SilenceOptions, type WaitLimit } from '../../src/shared/wait-limit.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the limit on the silence of a server');

const soon = { limitMs: 10_000, everyMs: 1 };
const never = 1_000_000;

const newLimit = (options: Partial<SilenceOptions> = {}) =>
  newSilenceLimit({ lookMs: 2, silentLooks: 5, looksMax: never, ...options });

/** Waits for the server, and notes when it is given up. */
const begin = (limit: WaitLimit, given: string[], name: string): (() => void) =>
  limit.begin(() => given.push(name));

/** Time in which the process does nothing else. */
const beBusyFor = (ms: number): void => {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
};

test('a wait for a server that says nothing is given up, once, and the next one waits as long again', async () => {
  const limit = newLimit();
  const given: string[] = [];
  begin(limit, given, 'first');
  assert.ok(await waitUntil(() => given.length > 0, soon));
  begin(limit, given, 'second');
  assert.equal(given, ['first']);
  assert.ok(await waitUntil(() => given.length > 1, soon));
  assert.equal(given, ['first', 'second']);
});

test('a wait that is ended before is not given up', async () => {
  const limit = newLimit();
  const given: string[] = [];
  const end = begin(limit, given, 'ended');
  begin(limit, given, 'other');
  end();
  assert.ok(await waitUntil(() => given.length > 0, soon));
  assert.equal(given, ['other']);
});

test('while the server answers others, a wait goes on; it has its own maximum', async () => {
  const limit = newLimit({ looksMax: 40 });
  const hears = setInterval(limit.heard, 0);
  const given: string[] = [];
  const [heard, unheard] = [newLimit({ silentLooks: 30 }), 'a wait of as many looks, for a silent server'];
  begin(limit, given, 'answered others');
  begin(heard, given, unheard);
  assert.ok(await waitUntil(() => given.length === 2, soon));
  clearInterval(hears);
  assert.equal(given, [unheard, 'answered others']);
});

test('a process that was busy itself does not take that for the silence of the server', async () => {
  const limit = newLimit({ lookMs: 20 });
  const given: string[] = [];
  const end = begin(limit, given, 'busy');
  // Longer than five looks. The answer has come meanwhile, and is read as soon as the loop turns.
  setImmediate(() => {
    beBusyFor(200);
    setImmediate(end);
  });
  const others: string[] = [];
  begin(newLimit({ lookMs: 40 }), others, 'a longer wait, for a silent server');
  assert.ok(await waitUntil(() => others.length === 1, soon));
  assert.equal(given, []);
});
