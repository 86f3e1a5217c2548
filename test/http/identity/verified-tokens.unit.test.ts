import { newVerifiedTokens } from '../../../src/http/identity/verified-tokens.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('http: verified tokens');

/** Every result is cached for 100 ms and valid for 1,000; all verifications are listed. */
const newWorld = (tokensMax = 10) => {
  const verified: string[] = [];
  const at = { wallMs: 1_000_000, monotonicMs: 1_000 };
  const ask = newVerifiedTokens<string>({
    verify: async (token) => {
      verified.push(token);
      await Promise.resolve();
      if (token === 'broken') throw new Error('no keys');
      return { value: `who ${token} is`, untilMs: token === 'bad' ? 0 : at.wallMs + 1_000 };
    },
    clock: { nowMs: () => at.wallMs, monotonicMs: () => at.monotonicMs },
    cacheMs: 100,
    tokensMax,
  });
  const after = (ms: number): void => {
    at.wallMs += ms;
    at.monotonicMs += ms;
  };
  return { ask, after, at, verified };
};

test('a token is verified once in its time, and again after it', async () => {
  const { ask, after, verified } = newWorld();
  assert.is(await ask('a'), 'who a is');
  after(99);
  assert.is(await ask('a'), 'who a is');
  assert.equal(verified, ['a']);
  after(1);
  await ask('a');
  assert.equal(verified, ['a', 'a']);
});

test('looking does not lengthen its time', async () => {
  const { ask, after, verified } = newWorld();
  for (const ms of [0, 60, 60]) {
    after(ms);
    await ask('a');
  }
  assert.equal(verified, ['a', 'a']);
});

test('a wall clock that is set back makes nothing be believed for longer, one that is set ahead ends what is over', async () => {
  const { ask, after, at, verified } = newWorld();
  await ask('a');
  at.wallMs -= 3_600_000;
  after(99);
  await ask('a');
  assert.equal(verified, ['a']);
  after(1);
  await ask('a');
  assert.equal(verified, ['a', 'a']);
  at.wallMs += 1_000;
  await ask('a');
  assert.equal(verified, ['a', 'a', 'a']);
});

test('what is asked for at the same time is verified once', async () => {
  const { ask, verified } = newWorld();
  assert.equal(await Promise.all([ask('a'), ask('a'), ask('b')]), ['who a is', 'who a is', 'who b is']);
  assert.equal(verified, ['a', 'b']);
});

test('what was not believed is verified every time, and so is what could not be verified', async () => {
  const { ask, verified } = newWorld();
  for (const token of ['bad', 'bad', 'broken', 'broken'])
    await Promise.resolve(ask(token)).catch(() => undefined);
  assert.equal(verified, ['bad', 'bad', 'broken', 'broken']);
});

test('of more than it may remember it forgets what was asked for longest ago', async () => {
  const { ask, verified } = newWorld(2);
  for (const token of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(token);
  assert.equal(verified, ['a', 'b', 'c', 'b']);
});
