import { waitUntil } from '../../../infra/local/wait-until.ts';
import { realClock } from '../../../src/cli/system.ts';
import { warmUp } from '../../../src/cli/warm-up/warm-up.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the rounds of a warm-up');

const never = new AbortController().signal;

/** A clock that only `work` moves. */
const newWorkClock = () => {
  let nowMs = 0;
  return {
    monotonicMs: () => nowMs,
    work: async (ms: number): Promise<void> => {
      nowMs += ms;
    },
    /** Ends with its signal, as if the limit were far away. */
    sleep: (_ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
  };
};

/** Undefined when the warm-up does not end. */
const roundsOf = async (ending: ReturnType<typeof warmUp>): Promise<number | undefined> => {
  let rounds: number | undefined;
  void ending.then((figures) => {
    rounds = figures.rounds;
  });
  await waitUntil(() => rounds !== undefined, { limitMs: 1_000 });
  return rounds;
};

test('it goes on while rounds get faster, and ends some rounds after they do not', async () => {
  const clock = newWorkClock();
  let round = 0;
  const play = async (): Promise<void> => {
    round += 1;
    await clock.work(100 * 0.9 ** Math.min(round, 30));
  };
  const { rounds, ms } = await warmUp({ plays: [play], limitMs: 1_000_000, clock, stopping: never });
  assert.is(rounds, 30 + 15);
  assert.is(ms, Math.round(clock.monotonicMs()));
});

test('it ends at its limit, also in the middle of a round that never ends', async () => {
  const hanging = (): Promise<void> => new Promise(() => undefined);
  assert.is(await roundsOf(warmUp({ plays: [hanging], limitMs: 1, clock: realClock, stopping: never })), 1);
});

test('it ends at once when the process stops, also in the middle of a round', async () => {
  const clock = newWorkClock();
  const stopping = new AbortController();
  const stop = (): Promise<void> => {
    stopping.abort();
    return new Promise(() => undefined);
  };
  const ending = warmUp({ plays: [stop], limitMs: 1_000_000, clock, stopping: stopping.signal });
  assert.is(await roundsOf(ending), 1);
});

test('a play that fails ends it with that error', async () => {
  const clock = newWorkClock();
  const fails = async (): Promise<void> => {
    throw new Error('a constant is not what it was');
  };
  const failed = await warmUp({ plays: [fails], limitMs: 1_000, clock, stopping: never }).then(
    () => '',
    (error: Error) => error.message,
  );
  assert.is(failed, 'a constant is not what it was');
});
