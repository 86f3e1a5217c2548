import { type RehearseOptions, readPlan } from '../../../src/cli/rehearse/plan.ts';
import { assert, suite } from '../../support/suite.ts';
import { rehearseOptions } from './rehearse-options.ts';

const test = suite('what a rehearsal is asked for');

const refusalOf = (changes: Partial<RehearseOptions>, environment: NodeJS.ProcessEnv = {}): string =>
  String(readPlan(rehearseOptions(changes), environment));

const planOf = (changes: Partial<RehearseOptions> = {}, environment: NodeJS.ProcessEnv = {}) => {
  const rehearsal = readPlan(rehearseOptions(changes), environment);
  if (typeof rehearsal === 'string') throw new Error(rehearsal);
  return rehearsal;
};

test('a minute of a hundred requests a second by a thousand customers is six thousand requests', () => {
  const { plan, json, token } = planOf();
  assert.equal([plan.customers, plan.ratePerSecond, plan.seconds, plan.requests], [1_000, 100, 60, 6_000]);
  assert.equal([json, token], [false, undefined]);
  const { plan: other } = planOf({ rate: 2.5, customers: 7, minutes: 0.2 });
  assert.equal([other.customers, other.requests, other.seconds], [7, 30, 12]);
});

test('there are fewer places than are asked for, and holds lapse while it is played', () => {
  for (const minutes of [0.02, 1, 10]) {
    const { requests, pools, holdSeconds, seconds } = planOf({ minutes }).plan;
    const capacity = (id: string): number => pools.find((pool) => pool.id === id)?.capacity ?? 0;
    assert.ok(capacity('standing') > 0 && capacity('standing') < 2 * requests);
    assert.ok(capacity('balcony') > 0 && capacity('balcony') < requests / 10);
    assert.ok(holdSeconds >= 1 && holdSeconds <= Math.max(1, seconds / 4), `${holdSeconds}`);
  }
});

test('an address keeps the path it is behind, and loses what does not belong to it', () => {
  const urlOf = (text: string): string => planOf({ url: new URL(text) }).plan.url;
  assert.is(urlOf('http://localhost:80/tickets/?x=1#y'), 'http://localhost/tickets');
  assert.is(urlOf('http://[::1]:3000/'), 'http://[::1]:3000');
});

test('another machine is only played on when that is meant', () => {
  for (const text of ['https://tickets.example', 'http://10.0.0.1:3000', 'http://127.0.0.1.example']) {
    const url = new URL(text);
    assert.match(refusalOf({ url }), /is not this machine.*--yes/);
    assert.is(planOf({ url, yes: true }).plan.url, text);
  }
});

test('a token comes from its option, or from the environment', () => {
  assert.is(planOf({}, { REHEARSE_TOKEN: 'a.b-c_d.e' }).token, 'a.b-c_d.e');
  assert.is(planOf({ token: 'mine' }, { REHEARSE_TOKEN: 'other' }).token, 'mine');
  assert.is(planOf({}, { REHEARSE_TOKEN: '' }).token, undefined);
  assert.match(refusalOf({}, { REHEARSE_TOKEN: 'two\nlines' }), /^REHEARSE_TOKEN is no token .*$/);
});

test('more requests than can be remembered are refused', () => {
  assert.match(refusalOf({ rate: 20_000, minutes: 60 }), /^72000000 requests are more than .*$/);
});
