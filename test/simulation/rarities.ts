import type { Action, ClientAction, Fault, Settings } from './plan.ts';
import { newSeededRandom, type SeededRandom } from './seeded-random.ts';

/**
 * One seed in three has what is rare in a sale. The seeds by which the mutations of this repository are noticed
 * are among the others, so they stay the runs that they are.
 */
export const hasRarities = (seed: number): boolean => [4, 5, 8].includes(seed % 9);

/**
 * Requests and confirmations that the database refuses, entries that are broken or of a newer version, shows
 * that only a service may confirm, sale windows that change, customers who look at their reservation or watch it, calls
 * of many, and a Redis whose replica is waited for.
 */
export const withRarities = (
  actions: readonly Action[],
  { seed, settings }: { readonly seed: number; readonly settings: Settings },
): { readonly actions: readonly Action[]; readonly settings: Settings } => {
  const random = newSeededRandom(`rarities ${seed}`);
  const isReplicated = random.chance(0.5);
  const isOfService = random.chance(0.4);
  const at = () => random.between(60, settings.durationMs);
  const count = random.pick([4, 8, 16]);
  const some = Array.from({ length: count }, (): Action => ({ atMs: at(), ...random.pick(kinds)(random) }));
  const looks = Array.from({ length: 2 + random.below(12) }, (): Action => ({ atMs: at(), ...look(random) }));
  const replica = isReplicated ? replicaFaults(random, at) : [];
  const known = actions.map((action): Action => {
    if (action.type === 'open') return isOfService ? { ...action, confirmBy: 'service' } : action;
    if (action.type === 'fail-over' && isReplicated && random.chance(0.6))
      return { ...action, type: 'promote' };
    return isOfService && isFollowUp(action) && random.chance(0.5) ? { ...action, by: 'service' } : action;
  });
  return {
    actions: [...known, ...some, ...looks, ...replica, ...callsOfMany(seed, at)],
    settings: { ...settings, ...(isReplicated && { durability: 'replicated' }) },
  };
};

type FollowUp = Extract<ClientAction, { type: 'confirm' | 'extend' | 'cancel' }>;

const isFollowUp = (action: Action): action is Action & FollowUp =>
  action.type === 'confirm' || action.type === 'extend' || action.type === 'cancel';

const look = (random: SeededRandom): ClientAction => {
  const type = random.pick(['look', 'look', 'watch']);
  return { type, nth: random.below(8) };
};

const replicaFaults = (random: SeededRandom, at: () => number): readonly Action[] => [
  ...(random.chance(0.5)
    ? [
        {
          atMs: at(),
          type: 'promote' as const,
          clockMs: random.pick([0, -300, 1_000]),
          forMs: random.pick([20, 400]),
        },
      ]
    : []),
  ...(random.chance(0.4)
    ? [{ atMs: at(), type: 'cut-replica' as const, forMs: random.pick([100, 1_500]) }]
    : []),
];

const places = (random: SeededRandom) => [{ pool: random.pick([0, 0, 1]), quantity: random.pick([1, 2]) }];

/** In half of the runs. Keys are few, so that some come twice, in one call and in several. */
const callsOfMany = (seed: number, at: () => number): readonly Action[] => {
  const random = newSeededRandom(`calls of many ${seed}`);
  const requestsMax = random.pick([3, 8, 25]);
  return Array.from({ length: random.pick([0, 0, 0, 1, 2, 5]) }, () => ({
    atMs: at(),
    type: 'many',
    requests: Array.from({ length: random.between(2, requestsMax) }, () => oneOfMany(random)),
    waitMs: random.pick([0, 1_000]),
  }));
};

const oneOfMany = (random: SeededRandom) => ({
  show: random.below(4),
  customer: random.below(5),
  lines: places(random),
  ...(random.chance(0.7) && { key: random.below(10) }),
  ...(random.chance(0.1) && { mistake: random.pick(['lines', 'show']) }),
  ...(random.chance(0.03) && { isIndigestible: true }),
});

type RareKind = (random: SeededRandom) => ClientAction | Fault;

const kinds: readonly [RareKind, ...RareKind[]] = [
  (random) => ({
    type: 'reserve',
    show: random.below(4),
    customer: random.below(5),
    lines: places(random),
    waitMs: random.pick([0, 1_000]),
    isIndigestible: true,
  }),
  (random) => ({
    type: 'confirm',
    nth: random.below(4),
    isIndigestible: true,
    waitMs: random.pick([0, 1_000]),
  }),
  (random) => ({
    type: 'cancel',
    nth: random.below(6),
    lines: places(random),
    by: random.pick(['customer', 'service']),
  }),
  (random) => ({ type: 'broken', partition: random.below(4), nth: random.below(200) }),
  (random) => ({ type: 'broken', partition: random.below(4), nth: random.below(200) }),
  (random) => ({
    type: 'newer',
    show: random.below(4),
    customer: random.below(5),
    lines: places(random),
  }),
  () => ({ type: 'upgrade' }),
  (random) => ({
    type: 'change',
    show: random.below(4),
    pool: 0,
    force: false,
    ...(random.chance(0.6) && { opensInMs: random.pick([null, 0, 300, 700]) }),
    ...(random.chance(0.6) && { closesInMs: random.pick([null, 200, 600, 2_000]) }),
  }),
];
