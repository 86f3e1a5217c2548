import { readPlan } from '../../../src/cli/rehearse/plan.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('what a rehearsal is asked for');

const here = 'http://127.0.0.1:3000';

const planOf = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
  const asked = readPlan(args, environment);
  if (typeof asked === 'string') throw new Error(asked);
  return asked;
};

test('a minute of a hundred requests a second by a thousand customers, unless it is said otherwise', () => {
  const { plan, json, token } = planOf([here]);
  assert.equal([plan.customers, plan.ratePerSecond, plan.seconds, plan.requests], [1_000, 100, 60, 6_000]);
  assert.equal([json, token], [false, undefined]);
  const { plan: other } = planOf(['--rate', '2.5', '--customers=7', here, '--minutes', '0.2', '--json']);
  assert.equal([other.customers, other.requests, other.seconds], [7, 30, 12]);
});

test('there are fewer places than are asked for, and holds lapse while it is played', () => {
  for (const minutes of ['0.02', '1', '10']) {
    const { requests, pools, holdSeconds, seconds } = planOf([here, '--minutes', minutes]).plan;
    const capacity = (id: string): number => pools.find((pool) => pool.id === id)?.capacity ?? 0;
    assert.ok(capacity('standing') > 0 && capacity('standing') < 2 * requests);
    assert.ok(capacity('balcony') > 0 && capacity('balcony') < requests / 10);
    assert.ok(holdSeconds >= 1 && holdSeconds <= Math.max(1, seconds / 4), `${holdSeconds}`);
  }
});

test('an address keeps the path it is behind, and loses what does not belong to it', () => {
  assert.is(planOf(['http://localhost:80/tickets/?x=1#y']).plan.url, 'http://localhost/tickets');
  assert.is(planOf(['http://[::1]:3000/']).plan.url, 'http://[::1]:3000');
});

test('another machine is only played on when that is meant', () => {
  for (const url of ['https://tickets.example', 'http://10.0.0.1:3000', 'http://127.0.0.1.example']) {
    assert.match(String(readPlan([url], {})), /is not this machine.*--yes/);
    assert.is(planOf([url, '--yes']).plan.url, url);
  }
});

test('a token comes from its option, or from the environment', () => {
  assert.is(planOf([here], { REHEARSE_TOKEN: 'a.b-c_d.e' }).token, 'a.b-c_d.e');
  assert.is(planOf([here, '--token', 'mine'], { REHEARSE_TOKEN: 'other' }).token, 'mine');
  assert.is(planOf([here], { REHEARSE_TOKEN: '' }).token, undefined);
  assert.match(String(readPlan([here], { REHEARSE_TOKEN: 'two\nlines' })), /token/);
});

const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /name the address/],
  [['localhost:3000'], /name the address/],
  [['ftp://localhost'], /name the address/],
  [['http://'], /name the address/],
  [[here, here], /one running onsale/],
  [[here, '--fast'], /--fast/],
  [[here, '--rate'], /--rate/],
  [[here, '--rate', '0'], /--rate must be .* from 1 to 20000/],
  [[here, '--rate', '20001'], /--rate/],
  [[here, '--rate', 'many'], /--rate/],
  [[here, '--customers', '1.5'], /--customers must be a whole number/],
  [[here, '--customers', '0'], /--customers/],
  [[here, '--minutes', '61'], /--minutes/],
  [[here, '--rate', '20000', '--minutes', '60'], /72000000 requests are more than/],
];

test('whatever is asked wrongly is said in one line', () => {
  for (const [args, says] of wrong) {
    const said = readPlan(args, {});
    assert.type(said, 'string', args.join(' '));
    assert.match(String(said), says);
    assert.not.match(String(said), /\n/);
  }
});
