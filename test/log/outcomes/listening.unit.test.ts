import { getEventListeners } from 'node:events';
import { newListening } from '../../../src/log/outcomes/listening.ts';
import { assert, suite } from '../../support/suite.ts';
import { silent } from '../redis-log-world.ts';
import { reservationIdOf } from '../requests.ts';

const test = suite('listening in a process that stops');

const newWorld = () => {
  const stopping = new AbortController();
  const listening = newListening({
    subscribe: () => ({ want: () => true, stop: () => undefined }),
    lookUp: async () => undefined,
    logger: silent,
    timer: () => () => undefined,
    stopping: stopping.signal,
  });
  const waits = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      listening.outcomes.wait(reservationIdOf(0, n + 1), { timeoutMs: 600_000 }),
    );
  return { ...listening, stopping, waits };
};

test('all waits end at once without an outcome, and no other begins', async () => {
  const { stopping, waits, waiting } = newWorld();
  const open = waits(1_000);
  assert.is(waiting(), 1_000);
  stopping.abort();
  assert.is(waiting(), 0);
  const ended = await Promise.all([...open, ...waits(1)].map(({ outcome }) => outcome));
  assert.ok(ended.every((outcome) => outcome === undefined));
  assert.is(waiting(), 0);
});

test('watches go on until the streams end by themselves', () => {
  const { stopping, outcomes, watching } = newWorld();
  const watch = outcomes.watch(reservationIdOf(0, 1), () => undefined);
  stopping.abort();
  assert.is(watching(), 1);
  if (watch.type === 'watching') watch.stop();
  assert.is(watching(), 0);
});

test('a thousand waits are one listener of the signal, because a signal walks through all it has for each', () => {
  const { stopping, waits, stop } = newWorld();
  const before = getEventListeners(stopping.signal, 'abort').length;
  const open = waits(1_000);
  assert.is(getEventListeners(stopping.signal, 'abort').length, before);
  for (const { cancel } of open) cancel();
  stop();
  assert.is(getEventListeners(stopping.signal, 'abort').length, 0);
});
