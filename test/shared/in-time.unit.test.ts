import { newDeferred } from '../../src/shared/deferred.ts';
import { inTime } from '../../src/shared/in-time.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('time limit of a promise');

const messageOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'kept',
    (error: unknown) => (error instanceof Error ? error.message : error),
  );

/** A clock whose sleepers wake when they are told to, and at once when they are no longer needed. */
const newSleeping = () => {
  const woken = newDeferred<void>();
  const sleepers = new Set<AbortSignal | undefined>();
  return {
    wake: () => woken.resolve(),
    sleepers,
    sleep: async (_ms: number, signal?: AbortSignal): Promise<void> => {
      sleepers.add(signal);
      signal?.addEventListener('abort', () => sleepers.delete(signal));
      await woken.promise;
    },
  };
};

test('what comes in time is handed on, value or error, and no sleeper stays behind', async () => {
  const { sleep, sleepers } = newSleeping();
  const limit = { limitMs: 1_000, message: 'late', sleep };
  assert.is(await inTime(Promise.resolve(7), limit), 7);
  assert.is(await messageOf(inTime(Promise.reject(new Error('broken')), limit)), 'broken');
  assert.is(sleepers.size, 0);
});

test('what does not come in time is an error, and what becomes of it later is nobody’s unhandled rejection', async () => {
  const work = newDeferred<void>();
  const { sleep, wake } = newSleeping();
  const limited = inTime(work.promise, { limitMs: 1_000, message: 'late', sleep });
  wake();
  assert.is(await messageOf(limited), 'late');
  work.reject(new Error('broken later'));
  assert.is(await messageOf(work.promise), 'broken later');
});

test('without a clock of its own it goes by that of the process', async () => {
  assert.is(await messageOf(inTime(new Promise(() => undefined), { limitMs: 1, message: 'late' })), 'late');
});

test('a process that was busy when the time ended reads what has come before it gives up', async () => {
  const work = newDeferred<string>();
  const limited = messageOf(inTime(work.promise, { limitMs: 5, message: 'late' }));
  setImmediate(() => {
    const untilMs = performance.now() + 50;
    while (performance.now() < untilMs);
    // As a socket would hand it on: in the next turn of the event loop, behind the timers.
    setImmediate(() => work.resolve('there'));
  });
  assert.is(await limited, 'kept');
});
