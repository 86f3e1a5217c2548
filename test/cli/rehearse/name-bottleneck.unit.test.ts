import { nameBottleneck } from '../../../src/cli/rehearse/name-bottleneck.ts';
import type { Silence } from '../../../src/cli/rehearse/silences.ts';
import type { Figures } from '../../../src/cli/rehearse/tally.ts';
import { assert, suite } from '../../support/suite.ts';
import { calmFigures, latency } from './figures.ts';

const test = suite('what gave way first');

const named = (changes: Partial<Figures>) => nameBottleneck(calmFigures(changes));

const { latency: calm } = calmFigures();

const again = (code: string, count: number): Pick<Figures, 'repeated'> => ({
  repeated: { [code]: { count, detail: 'as it was said' } },
});

test('nothing did: then it is said what took longest', () => {
  const { gaveWay, message } = named({});
  assert.is(gaveWay, 'nothing');
  assert.match(message, /nothing gave way.*decision: p99 60 ms/);
  assert.match(named({ latency: { ...calm, decided: latency(9, 25) } }).message, /the way in: p99 .* 20 ms/);
});

const suspects: readonly (readonly [string, Partial<Figures>, RegExp])[] = [
  ['a limit of requests', again('too-many-requests', 11), /a rate limit.*11 times.*as it was said/],
  ['connections that are refused', again('unreachable', 50), /the way in/],
  ['a gateway that finds nobody', again('status 502', 50), /the way in/],
  ['requests that are taken and not answered', again('silent', 50), /taken .* not answered/],
  ['a log that does not answer', again('outcome-unknown', 50), /Redis/],
  ['a queue beyond its limits', again('overloaded', 50), /the queue/],
  ['a wait that grows', { decidedMsByThird: [100, 900, 1_900] }, /grew from 100 ms to 1900 ms/],
  ['decisions that do not come', { undecided: 200 }, /200 had no decision/],
  ['more unanswered than can be remembered', { withheld: 1 }, /1 requests were not sent/],
  ['slow answers', { latency: { ...calm, answered: latency(300, 501) } }, /the API process or Redis/],
  ['slow decisions', { latency: { ...calm, decided: latency(900, 2_001) } }, /p99 of a decision is 2001 ms/],
  ['a rate that is not reached', { reachedPerSecond: 80 }, /80 .* answered of the 100/],
];

for (const [what, changes, says] of suspects) {
  test(`${what}`, () => {
    const { gaveWay, message } = named(changes);
    assert.is(gaveWay, 'service');
    assert.match(message, says);
    assert.not.match(message, /\n/);
  });
}

test('a few that had to be sent again are nothing', () => {
  assert.is(named(again('unreachable', 10)).gaveWay, 'nothing');
});

test('who is late himself blames nobody else', () => {
  const { gaveWay, message } = named({
    latency: { ...calm, sentLate: latency(10, 101), decided: latency(5_000) },
    lateShare: 0.02,
    ...again('overloaded', 500),
  });
  assert.is(gaveWay, 'sender');
  assert.match(message, /101 ms late/);
});

test('where nothing was answered, being late is not why', () => {
  const late = {
    latency: { ...calm, sentLate: latency(10, 101) },
    lateShare: 0.02,
    reachedPerSecond: 0,
  };
  assert.is(named({ ...late, ...again('unreachable', 5_000) }).gaveWay, 'service');
});

test('what comes first explains what comes behind it', () => {
  const { message } = named({ ...again('overloaded', 500), undecided: 500, reachedPerSecond: 10 });
  assert.match(message, /the queue/);
});

const gone: Silence = {
  fromMs: Date.UTC(2026, 10, 22, 13, 29, 57),
  toMs: Date.UTC(2026, 10, 22, 13, 30, 9, 500),
  why: 'ECONNREFUSED',
};

test('a service that was gone is named with the time, however late this machine was for it', () => {
  const { gaveWay, message } = named({
    silences: [gone],
    latency: { ...calm, sentLate: latency(10, 4_000) },
    ...again('unreachable', 900),
  });
  assert.is(gaveWay, 'away');
  assert.match(
    message,
    /^the service did not answer from 2026-11-22T13:29:57\.000Z to 2026-11-22T13:30:09\.500Z \(ECONNREFUSED\)/,
  );
  assert.not.match(message, /this machine was late/);
});

test('who was late while the service answered hears of both', () => {
  assert.match(named({ silences: [gone], lateShare: 0.3 }).message, /did not answer .*this machine was late/);
});

test('silences are named at most three times, and one that did not end as such', () => {
  const five = Array.from({ length: 5 }, () => gone);
  assert.match(named({ silences: five }).message, /, and 2 times more \(/);
  assert.match(named({ silences: [{ ...gone, isOpen: true }] }).message, /09\.500Z and later \(/);
});

const own: readonly (readonly [string, Partial<Figures>, RegExp])[] = [
  ['a token that ran out', { denied: { count: 1, detail: 'The token has expired.' } }, /token .* expired/],
  ['a machine without files or ports', again('this-machine', 11), /this machine had no file/],
  ['more requests than connections', { queued: 11 }, /11 requests waited for one of its 4096/],
];

for (const [what, changes, says] of own) {
  test(`${what}: that is ours, and not the service`, () => {
    const { gaveWay, message } = named({ ...changes, latency: { ...calm, decided: latency(5_000) } });
    assert.is(gaveWay, 'sender');
    assert.match(message, says);
  });
}
