import { readPlan } from '../../../src/cli/rehearse/plan.ts';
import { type CustomerRecord, playCustomer, type Stage } from '../../../src/cli/rehearse/play-customer.ts';
import type { Message, Reply } from '../../../src/cli/rehearse/sender.ts';
import { newTally } from '../../../src/cli/rehearse/tally.ts';
import { assert, suite } from '../../support/suite.ts';
import { rehearseOptions } from './rehearse-options.ts';

const test = suite('one customer of a rehearsal');

const answer = (status: number, body: Readonly<Record<string, unknown>>): Reply => ({
  type: 'answer',
  status,
  body,
  retryAfterMs: 0,
});

const held = answer(201, { id: 'r1', status: 'held' });
const pending = answer(202, { id: 'r1', status: 'pending' });
const confirmed = answer(200, { id: 'r1', status: 'confirmed' });
const cancelled = answer(200, { id: 'r1', status: 'cancelled' });
const overloaded = answer(503, { code: 'overloaded', detail: 'too long a queue' });
const refusal = { code: 'sold-out', detail: 'no places' };
const cutOff: Reply = { type: 'no-answer', code: 'unreachable', why: 'ECONNRESET' };
const notSent: Reply = { type: 'not-sent', why: 'EMFILE' };

/** Plays one request; it gets these answers in turn, and the last one from then on. */
const playedOn = async (request: number, replies: readonly Reply[]) => {
  const asked = readPlan(rehearseOptions(), {});
  if (typeof asked === 'string') throw new Error(asked);
  const sent: Message[] = [];
  let nowMs = 0;
  const records = new Map<string, CustomerRecord>();
  const split: string[] = [];
  const tally = newTally();
  const stage: Stage = {
    plan: asked.plan,
    run: 'run',
    showId: 'show',
    sender: {
      send: async (message) => {
        sent.push(message);
        nowMs += 10;
        return replies[Math.min(sent.length, replies.length) - 1] ?? cutOff;
      },
      close: () => undefined,
    },
    headersOf: (customer) => ({ 'x-customer-id': customer }),
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: async (ms) => {
        nowMs += ms;
      },
    },
    random: () => 0.5,
    tally,
    records,
    split,
    onReached: () => undefined,
    over: new AbortController().signal,
  };
  await playCustomer(stage, request, 0);
  const figures = tally.figures({ wantedPerSecond: 1, reachedSeconds: 1, seconds: 1, silences: [] });
  return { sent, records, split, figures };
};

const keysOf = (sent: readonly Message[]) => sent.map(({ headers }) => headers['idempotency-key']);

test('who waits has the decision at once, and confirms', async () => {
  const { sent, records, figures } = await playedOn(0, [held, confirmed]);
  assert.equal(
    sent.map(({ method, path }) => `${method} ${path}`),
    ['POST /v1/reservations', 'POST /v1/reservations/r1/confirm'],
  );
  assert.is(sent[0]?.headers['prefer'], 'wait=10');
  assert.is(records.get('r1')?.status, 'confirmed');
  assert.is(records.get('r1')?.confirm, 'answered');
  assert.equal([figures.latency.decided.count, figures.latency.answered.count], [1, 0]);
});

test('who does not wait has a 202 first, and looks', async () => {
  const { sent, records, figures } = await playedOn(1, [
    pending,
    answer(200, { id: 'r1', status: 'held' }),
    confirmed,
  ]);
  assert.equal(
    sent.map(({ method }) => method),
    ['POST', 'GET', 'POST'],
  );
  assert.is(records.get('r1')?.status, 'confirmed');
  assert.equal([figures.latency.decided.count, figures.latency.answered.count], [1, 1]);
});

test('whatever was not answered is sent again with the same key, and the clock runs on', async () => {
  const { sent, figures } = await playedOn(0, [overloaded, cutOff, held, confirmed]);
  const [first, second, third, fourth] = keysOf(sent);
  assert.is(first, second);
  assert.is(first, third);
  assert.is.not(first, fourth);
  assert.equal([figures.repeated['overloaded']?.count, figures.repeated['unreachable']?.count], [1, 1]);
  assert.ok(figures.latency.decided.max > 100, 'pauses count');
});

test('it gives up in the end, and says so', async () => {
  const { sent, records, figures } = await playedOn(0, [cutOff]);
  assert.is(sent.length, 6);
  assert.is(records.size, 0);
  assert.equal([figures.givenUp, figures.unanswered, figures.ends['gave up: unreachable']], [1, 1, 1]);
});

test('what never left this machine is nothing that the service owes an answer to', async () => {
  const { sent, figures } = await playedOn(0, [notSent]);
  assert.is(sent.length, 6);
  assert.equal([figures.unsent, figures.givenUp, figures.unanswered], [1, 0, 0]);
  const once = await playedOn(0, [cutOff, notSent]);
  assert.equal([once.figures.unsent, once.figures.givenUp, once.figures.unanswered], [0, 1, 1]);
});

test('who is told 429 to the end gives up, and was answered', async () => {
  const { figures } = await playedOn(0, [answer(429, { code: 'too-many-requests', detail: 'too fast' })]);
  assert.equal([figures.givenUp, figures.unanswered], [1, 0]);
});

test('the end of the rehearsal is no failure of the service, and is not sent again', async () => {
  const { sent, figures } = await playedOn(0, [{ type: 'cut-short' }]);
  assert.equal([sent.length, figures.givenUp, figures.cutShort, figures.repeated], [1, 1, 1, {}]);
});

test('a token that has run out is the rehearsal’s, and no answer that nobody knows', async () => {
  const { figures, split } = await playedOn(0, [answer(401, { code: 'unauthenticated', detail: 'expired' })]);
  assert.equal([figures.denied, figures.odd], [{ count: 1, detail: 'expired' }, []]);
  assert.equal([figures.ends['denied: unauthenticated'], split], [1, []]);
});

test('a confirm without an answer leaves open whether it counts', async () => {
  const { records } = await playedOn(0, [held, overloaded]);
  assert.is(records.get('r1')?.confirm, 'sent');
  assert.is(records.get('r1')?.status, 'held');
});

test('a confirm that was accepted before the hold can have ended is known to be in time', async () => {
  const queued = answer(202, { id: 'r1', status: 'held' });
  assert.is((await playedOn(0, [held, queued])).records.get('r1')?.isInTime, true);
  const expired = answer(409, { code: 'hold-expired', instance: '/v1/reservations/r1' });
  assert.is((await playedOn(0, [held, expired])).records.get('r1')?.isInTime, true);
  const busy = { ...answer(503, { code: 'overloaded', detail: 'too long a queue' }), retryAfterMs: 10_000 };
  const late = await playedOn(0, [held, busy, busy, queued]);
  assert.is(late.records.get('r1')?.isInTime, undefined, 'twenty seconds later nobody knows');
  assert.is((await playedOn(0, [held, overloaded])).records.get('r1')?.isInTime, undefined, 'never accepted');
});

test('some cancel, and some never come back', async () => {
  assert.is((await playedOn(12, [held, cancelled])).records.get('r1')?.status, 'cancelled');
  assert.is((await playedOn(16, [held])).sent.length, 1);
});

test('a refusal at the door leaves nothing behind, a decision does', async () => {
  const door = await playedOn(0, [answer(409, refusal)]);
  assert.equal([door.records.size, door.figures.ends['refused: sold-out']], [0, 1]);
  const decided = await playedOn(0, [answer(409, { ...refusal, instance: '/v1/reservations/r1' })]);
  assert.equal(
    [decided.records.get('r1')?.status, decided.figures.ends['rejected: sold-out']],
    ['rejected', 1],
  );
});

test('some ask twice: another reservation for the same key is noticed, and so is a refusal', async () => {
  const again = (reply: Reply) =>
    playedOn(107, [pending, answer(200, { id: 'r1', status: 'held' }), reply, confirmed]);
  const good = await again(pending);
  assert.equal(good.split, []);
  assert.is(keysOf(good.sent)[0], keysOf(good.sent)[2]);
  assert.match((await again(answer(202, { id: 'r2', status: 'pending' }))).split.join(), /r1 and r2/);
  assert.match((await again(answer(409, refusal))).split.join(), /r1, and then sold-out/);
});

test('what no guide knows is kept: 404 after a 202, and 500', async () => {
  const lost = await playedOn(1, [pending, answer(404, { code: 'not-found', detail: 'nothing' })]);
  assert.match(lost.figures.odd.join(), /404 .*not-found/);
  assert.is(lost.records.size, 1);
  const failed = await playedOn(0, [answer(500, { code: 'internal', detail: 'a bug' })]);
  assert.match(failed.figures.odd.join(), /500/);
  assert.is(failed.figures.answers['500 internal'], 1);
});
