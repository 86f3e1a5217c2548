import type { Action, ClientAction, Fault } from './plan.ts';
import type { SeededRandom } from './seeded-random.ts';

/**
 * Long enough to decide about a one-second hold from a rush just at its end, and for it to lapse by itself.
 */
export const closeCallsMs = 2_000;
const holdMs = 1_000;

/**
 * What happens at the very end of the holds that a rush was given, sometimes in time and sometimes too late:
 * confirms, extensions, cancellations, and requests of others for the same places. More often than not
 * nothing can be decided at that moment: the owner dies or freezes, a server is away, or the clock jumps.
 */
export const closeCalls = (
  random: SeededRandom,
  rush: { readonly atMs: number; readonly forMs: number },
): readonly Action[] => {
  const endMs = rush.atMs + holdMs;
  const calls = Array.from({ length: 2 + random.below(8) }, () => ({
    atMs: endMs + random.between(-60, rush.forMs + 60),
    ...(random.chance(0.35) ? reserve(random) : followUp(random)),
  }));
  const faults = Array.from({ length: random.pick([0, 1, 1, 2]) }, () => ({
    atMs: endMs + random.between(-400, rush.forMs),
    ...random.pick(inTheWay)(random),
  }));
  return [...calls, ...faults];
};

const followUp = (random: SeededRandom): ClientAction => ({
  type: random.pick(['confirm', 'confirm', 'confirm', 'extend', 'cancel']),
  nth: random.below(8),
  // The client does not wait for the decision: an immediate 202 proves that its request was in time.
  waitMs: 0,
});

const reserve = (random: SeededRandom): ClientAction => ({
  type: 'reserve',
  show: random.below(4),
  customer: random.below(8),
  lines: [{ pool: random.pick([0, 0, 0, 1]), quantity: random.pick([1, 2, 3]) }],
  waitMs: 0,
});

const forMs = (random: SeededRandom): number => random.pick([50, 200, 600]);

const inTheWay: readonly [(random: SeededRandom) => Fault, ...((random: SeededRandom) => Fault)[]] = [
  (random) => ({ type: 'crash-projector', nth: random.below(3), forMs: forMs(random) }),
  (random) => ({ type: 'freeze-projector', nth: random.below(3), forMs: random.pick([100, 600, 2_000]) }),
  (random) => ({ type: 'down', server: 'mysql', forMs: forMs(random) }),
  (random) => ({ type: 'down', server: 'redis', forMs: forMs(random) }),
  (random) => ({ type: 'forget-lease', partition: random.below(2) }),
  (random) => ({ type: 'redis-clock', aheadMs: random.pick([-1_500, -100, 100, 1_500]) }),
  (random) => ({ type: 'fail-over', clockMs: random.pick([0, -200, -1_500, 800]), forMs: forMs(random) }),
];
