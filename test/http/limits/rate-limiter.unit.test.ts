import { addressKey } from '../../../src/http/limits/address-key.ts';
import { newRateLimiter } from '../../../src/http/limits/rate-limiter.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('http: how often');

const newWorld = (perSecond: number, burst: number, keysMax = 100) => {
  let nowMs = 5_000;
  const limiter = newRateLimiter({ limit: { perSecond, burst }, monotonicMs: () => nowMs, keysMax });
  const after = (ms: number): void => {
    nowMs += ms;
  };
  /** How many of this many tries are allowed now. */
  const allowed = (key: string, tries: number): number =>
    Array.from({ length: tries }, () => limiter(key)).filter(({ isAllowed }) => isAllowed).length;
  return { limiter, after, allowed };
};

test('a burst is allowed at once, and then so many a second', () => {
  for (const [perSecond, burst] of [
    [2, 5],
    [3, 3],
    [0.5, 1],
    [1000, 1],
    [7, 100],
  ] as const) {
    const { after, allowed } = newWorld(perSecond, burst);
    assert.is(allowed('a', burst + 50), burst);
    after(1000 / perSecond - 0.5);
    assert.is(allowed('a', 50), 0);
    after(0.5);
    assert.is(allowed('a', 50), 1);
    after(1_000_000);
    assert.is(allowed('a', burst + 50), burst, 'a quiet time is worth no more than the burst');
  }
});

test('a minute of trying gets what the limit says', () => {
  const { after, allowed } = newWorld(3, 10);
  let total = 0;
  for (let n = 0; n < 600; n += 1) {
    total += allowed('a', 2);
    after(100);
  }
  assert.ok(total >= 188 && total <= 190, String(total));
});

test('what is refused costs nothing: who waits as told gets through', () => {
  const { limiter, after, allowed } = newWorld(0.2, 2);
  assert.is(allowed('a', 100), 2);
  const { retryAfterSeconds } = limiter('a');
  assert.is(retryAfterSeconds, 5);
  after(retryAfterSeconds * 1000);
  assert.is(allowed('a', 1), 1);
});

test('it tells what is left and when all of it is back', () => {
  const { limiter } = newWorld(2, 4);
  const told = Array.from({ length: 5 }, () => limiter('a')).map((one) => [
    one.remaining,
    one.fullAfterSeconds,
  ]);
  assert.equal(told, [
    [3, 1],
    [2, 1],
    [1, 2],
    [0, 2],
    [0, 2],
  ]);
});

test('one key does not count for another, and those seen longest ago are forgotten', () => {
  const { allowed } = newWorld(1, 1, 2);
  assert.equal([allowed('a', 2), allowed('b', 2), allowed('a', 2)], [1, 1, 0]);
  assert.is(allowed('c', 1), 1, 'b is forgotten now');
  assert.equal([allowed('a', 1), allowed('b', 1)], [0, 1]);
});

test('an IPv4 address is itself, mapped or with a port too', () => {
  for (const text of ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:192.0.2.7', '192.0.2.7:5123'])
    assert.is(addressKey(text), '192.0.2.7');
});

test('an IPv6 address counts as its /64, however it is written', () => {
  for (const text of [
    '2001:db8::1',
    '2001:0db8:0:0:1:2:3:4',
    '2001:db8:0::ffff',
    '[2001:db8::9]:443',
    '2001:db8::1%eth0',
  ])
    assert.is(addressKey(text), '2001:db8:0:0::/64', text);
  assert.is(addressKey('::1'), '0:0:0:0::/64');
  assert.is(addressKey('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  assert.is(addressKey('2001:db8:0:1::'), '2001:db8:0:1::/64');
});

test('what is no address is none', () => {
  for (const text of ['', 'unknown', '1.2.3', '1.2.3.4.5', '_hidden', 'x'.repeat(10_000)])
    assert.is(addressKey(text), undefined);
});
