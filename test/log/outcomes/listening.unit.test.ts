import { getEventListeners } from 'node:events';
import type { RequestId } from '../../../src/domain/ids.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { newListening } from '../../../src/log/outcomes/listening.ts';
import { newDeferred } from '../../../src/shared/deferred.ts';
import { assert, suite } from '../../support/suite.ts';
import { silent } from '../redis-log-world.ts';
import { outcomeOf, reservationIdOf } from '../requests.ts';

const test = suite('listening in a process that stops');

const newWorld = () => {
  const stopping = new AbortController();
  const listening = newListening({
    subscribe: () => ({ want: () => true, stop: () => undefined }),
    lookUp: async () => new Map(),
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

const outcomesOf = (ids: readonly RequestId[]): ReadonlyMap<RequestId, Outcome> =>
  new Map(ids.map((id) => [id, outcomeOf(0, 1)]));

/** At most: the requests of a group, then the reservations and the shows that they name. */
const statementsOfGroup = 3;

test('after a reconnect twenty thousand waits are looked up with a hundred statements at most', async () => {
  const groups: number[] = [];
  const answering = newDeferred<void>();
  let atOnce = 0;
  let atOnceMax = 0;
  let onSubscribed: (partition: number) => void = () => undefined;
  const { outcomes, waiting, stop } = newListening({
    subscribe: (subscriber) => {
      onSubscribed = subscriber.onSubscribed;
      return { want: () => true, stop: () => undefined };
    },
    lookUp: async (ids) => {
      groups.push(ids.length);
      atOnce += 1;
      atOnceMax = Math.max(atOnceMax, atOnce);
      await answering.promise;
      atOnce -= 1;
      return outcomesOf(ids);
    },
    logger: silent,
    timer: () => () => undefined,
  });
  const waits = Array.from({ length: 20_000 }, (_, n) =>
    outcomes.wait(reservationIdOf(n % 16, n), { timeoutMs: 600_000 }),
  );
  const [gone] = waits;
  for (let partition = 0; partition < 16; partition += 1) onSubscribed(partition);
  gone?.cancel();
  answering.resolve();
  const found = await Promise.all(waits.slice(1).map(({ outcome }) => outcome));
  assert.ok(found.every((outcome) => outcome !== undefined));
  assert.is(waiting(), 0);
  assert.is(
    groups.reduce((sum, size) => sum + size, 0),
    19_999,
    'each once, and nobody who has left',
  );
  assert.ok(groups.length * statementsOfGroup <= 100, `${groups.length} groups`);
  assert.ok(atOnceMax <= 2, 'the sessions are left to other reads');
  stop();
});

test('a look-up that fails is no answer: the waits go on, and those behind it are looked up', async () => {
  let asked = 0;
  let onSubscribed: (partition: number) => void = () => undefined;
  const { outcomes, stop } = newListening({
    subscribe: (subscriber) => {
      onSubscribed = subscriber.onSubscribed;
      return { want: () => true, stop: () => undefined };
    },
    lookUp: async (ids) => {
      asked += 1;
      if (asked === 1) throw new Error('the database is away');
      return outcomesOf(ids);
    },
    logger: silent,
    timer: () => () => undefined,
  });
  const first = outcomes.wait(reservationIdOf(0, 1), { timeoutMs: 600_000 });
  onSubscribed(0);
  await new Promise((resolve) => setImmediate(resolve));
  const second = outcomes.wait(reservationIdOf(1, 2), { timeoutMs: 600_000 });
  onSubscribed(1);
  assert.ok(await second.outcome);
  onSubscribed(0);
  assert.ok(await first.outcome);
  stop();
});
