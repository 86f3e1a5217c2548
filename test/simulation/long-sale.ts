import type { Action, ClientAction, Fault, Settings } from './plan.ts';
import { newSeededRandom, type SeededRandom } from './seeded-random.ts';

/** One run in ten is a long sale: thousands of decisions, with faults all along. */
export const isLong = (seed: number): boolean => seed % 10 === 9;

const longMs = 20_000;

export interface LongSaleOptions {
  readonly seed: number;
  /** That of other runs. */
  readonly steps: number;
  readonly settings: Settings;
  readonly fault: (random: SeededRandom) => Fault;
}

/** The sale of the seed, with hundreds of times as many calls, and many more places and faults. */
export const longSale = (
  actions: readonly Action[],
  { seed, steps, settings, fault }: LongSaleOptions,
): { readonly actions: readonly Action[]; readonly settings: Settings } => {
  const random = newSeededRandom(`long ${seed}`);
  const count = steps * random.between(100, 250);
  const rushMs = random.pick([500, 3_000, longMs]);
  const calls = Array.from({ length: count }, (): Action => {
    const isOfRush = random.chance(0.6);
    const atMs = isOfRush ? random.between(100, rushMs) : random.between(100, longMs);
    return { atMs, ...call(random) };
  });
  const faults = Array.from({ length: 5 + random.below(30) }, (): Action => {
    return { atMs: random.between(100, longMs), ...fault(random) };
  });
  return {
    actions: [...actions.map((action) => stretched(action, random)), ...calls, ...faults],
    settings: { ...settings, durationMs: longMs },
  };
};

/** Shows have more places, and everything but their opening happens at any time. */
const stretched = (action: Action, random: SeededRandom): Action => {
  if (action.type !== 'open') return { ...action, atMs: random.between(100, longMs) };
  const capacities = action.capacities.map((capacity) => capacity * random.pick([1, 20, 150]));
  return { ...action, capacities };
};

const call = (random: SeededRandom): ClientAction => {
  const key = random.chance(0.3) ? { key: 1_000 + random.below(2_000) } : {};
  if (random.chance(0.55))
    return {
      type: 'reserve',
      show: random.below(4),
      customer: random.below(300),
      lines: [{ pool: random.pick([0, 0, 1]), quantity: random.pick([1, 1, 2, 4]) }],
      waitMs: random.pick([0, 0, 0, 1_000]),
      ...key,
    };
  return {
    type: random.pick(['confirm', 'confirm', 'cancel', 'extend']),
    nth: random.below(40),
    waitMs: random.pick([0, 0, 1_000]),
    ...key,
  };
};
