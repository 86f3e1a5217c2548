import type { Random } from '../../src/domain/ports.ts';
import { seededRandom } from './seeded-random.ts';

/** All kinds of faults, by their name in the report. */
export const faultKinds = [
  'kill-projector',
  'pause-projector',
  'pause-projector-beyond-lease',
  'kill-api',
  'pause-api',
  'restart-redis',
  'kill-redis',
  'fail-over-redis',
  'change-sides-of-redis',
  'fill-redis',
  'restart-mariadb',
  'kill-mariadb',
  'stop-mariadb',
  'fail-over-mariadb',
  'change-sides-of-mariadb',
  'cut-redis',
  'cut-mariadb',
  'delay-redis',
  'delay-mariadb',
  'lose-replies-of-redis',
  'lose-replies-of-mariadb',
  'scale-projectors',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface PlannedFault {
  readonly kind: FaultKind;
  /** Duration, for faults that have one. */
  readonly forMs: number;
  /** Delay of each packet, ms, or lost replies per thousand, for faults that have either. */
  readonly strength: number;
  /** The process that it hits: this number modulo the number of processes. */
  readonly target: number;
  /** Quiet time before it. */
  readonly restMs: number;
}

export type Length = 'short' | 'long';

type Range = readonly [from: number, to: number];

/** Faults last up to three times the lease, so that both shorter and longer ones occur. */
const leaseMs = 3_000;

const lasting: { readonly [Kind in FaultKind]?: Readonly<Record<Length, Range>> } = {
  'pause-projector': { short: [300, 1_000], long: [300, 0.8 * leaseMs] },
  'pause-projector-beyond-lease': { short: [3_600, 4_200], long: [3_600, 3 * leaseMs] },
  'pause-api': { short: [500, 1_500], long: [500, 6_000] },
  'fill-redis': { short: [1_000, 1_500], long: [1_000, 10_000] },
  'stop-mariadb': { short: [8_000, 8_000], long: [30_000, 30_000] },
  'cut-redis': { short: [200, 800], long: [200, 5_000] },
  'cut-mariadb': { short: [200, 800], long: [200, 5_000] },
  'delay-redis': { short: [1_000, 1_500], long: [2_000, 10_000] },
  'delay-mariadb': { short: [1_000, 1_500], long: [2_000, 10_000] },
  'lose-replies-of-redis': { short: [1_000, 1_500], long: [2_000, 10_000] },
  'lose-replies-of-mariadb': { short: [1_000, 1_500], long: [2_000, 10_000] },
};

const strengths: { readonly [Kind in FaultKind]?: Range } = {
  'delay-redis': [20, 150],
  'delay-mariadb': [20, 150],
  'lose-replies-of-redis': [5, 30],
  'lose-replies-of-mariadb': [50, 300],
};

const rests: Readonly<Record<Length, Range>> = { short: [50, 200], long: [500, 3_000] };

/** Rounds of all kinds, each in an order and with values of its own; the same seed gives the same plan. */
export const planFaults = (
  seed: number,
  { rounds, length }: { readonly rounds: number; readonly length: Length },
): readonly PlannedFault[] => {
  const random = seededRandom(seed);
  return Array.from({ length: rounds }, () =>
    shuffled(faultKinds, random).map((kind) => ({
      kind,
      forMs: within(lasting[kind]?.[length], random),
      strength: within(strengths[kind], random),
      target: Math.floor(random() * 1_000),
      restMs: within(rests[length], random),
    })),
  ).flat();
};

const within = (range: Range | undefined, random: Random): number => {
  const [from, to] = range ?? [0, 0];
  return Math.round(from + random() * (to - from));
};

const shuffled = <Item>(items: readonly Item[], random: Random): readonly Item[] =>
  items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
