import { closeCalls, closeCallsMs } from './close-calls.ts';
import { isLong, longSale } from './long-sale.ts';
import { payments, paymentsEvery } from './payments.ts';
import type { Action, ClientAction, Fault, Plan, Settings } from './plan.ts';
import { hasRarities, withRarities } from './rarities.ts';
import { newSeededRandom, type SeededRandom } from './seeded-random.ts';

interface PlanOptions {
  /** Leaves out what makes one run in ten a long one. */
  readonly onlyShort?: boolean;
}

/** The plan of a seed, with about `steps` client calls, or hundreds of times as many. */
export const makePlan = (seed: number, steps: number, { onlyShort = false }: PlanOptions = {}): Plan => {
  const plan = shortPlan(seed, steps);
  if (onlyShort || !isLong(seed)) return plan;
  const { actions, settings } = longSale(plan.actions, { seed, steps, settings: plan.settings, fault });
  const remembered = memories(actions, newSeededRandom(`memories ${seed}`));
  return { ...plan, settings, actions: inOrder([...actions, ...remembered]) };
};

const inOrder = (actions: readonly Action[]): readonly Action[] =>
  actions.toSorted((a, b) => a.atMs - b.atMs);

const shortPlan = (seed: number, steps: number): Plan => {
  const random = newSeededRandom(`plan ${seed}`);
  // From a random source of its own, so that plans without these actions stay the same as before they
  // existed.
  const more = newSeededRandom(`more ${seed}`);
  const isClose = more.chance(0.3);
  const settings = { ...settingsOf(random), ...(isClose && { durationMs: closeCallsMs }) };
  const openings = Array.from({ length: settings.partitions }, (_, show) => ({
    atMs: random.between(0, 50),
    ...opening(random, show),
    ...rules(more, isClose),
  }));
  const between = (from: number) => random.between(from, settings.durationMs);
  const most = random.pick([2, 2, 2, 6]) * steps;
  // Most requests come at once, as in a real on-sale, so they meet in the same batches and transactions.
  const rushMs = random.pick([250, 250, 20, 2]);
  const rushAtMs = random.pick([50, 150, 250]);
  const calls = Array.from({ length: 1 + random.below(most) }, () => ({
    atMs: random.chance(0.6) ? random.between(rushAtMs, rushAtMs + rushMs) : between(50),
    ...call(random),
  }));
  const faults = Array.from({ length: random.below(7) }, () => ({ atMs: between(20), ...fault(random) }));
  const refused = Array.from({ length: more.pick([0, 0, 0, 0, 1, 2]) }, () => ({
    atMs: more.between(rushAtMs, rushAtMs + rushMs),
    ...reserve(more),
    isIndigestible: true,
  }));
  const close = isClose ? closeCalls(more, { atMs: rushAtMs, forMs: rushMs }) : [];
  const planned: Action[] = [...openings, ...calls, ...refused, ...changes(more), ...faults, ...close];
  if (seed % paymentsEvery === paymentsEvery - 1)
    planned.push(...payments(seed, { atMs: rushAtMs, forMs: settings.durationMs }));
  planned.push(...memories(planned, random));
  const windowed = seed % windowsEvery === windowsEvery - 1 ? withWindows(planned, seed) : planned;
  const rare = hasRarities(seed) ? withRarities(windowed, { seed, settings }) : undefined;
  const { actions } = rare ?? { actions: windowed };
  return {
    seed: String(seed),
    settings: rare?.settings ?? settings,
    actions: inOrder(actions),
  };
};

/**
 * Every eighth seed has sale windows. The plans of the other seeds stay the same as before windows existed.
 */
const windowsEvery = 8;

/** Sales that open and close during the run or around it, and at least one process with a wrong clock. */
const withWindows = (actions: readonly Action[], seed: number): readonly Action[] => {
  const random = newSeededRandom(`windows ${seed}`);
  const windowed = actions.map((action) =>
    action.type === 'open' ? { ...action, ...windowOf(random) } : action,
  );
  return [...windowed, { atMs: random.between(0, 100), ...wrongClock(random) }];
};

const windowOf = (random: SeededRandom) => ({
  ...(random.chance(0.7) && { opensInMs: random.pick([-1_000, 150, 400, 3_000]) }),
  ...(random.chance(0.7) && { closesInMs: random.pick([500, 1_500, 20_000]) }),
});

const wrongClock = (random: SeededRandom): Fault => ({
  type: 'clock',
  nth: random.below(5),
  aheadMs: random.pick([-60_000, -1_000, 1_000, 60_000]),
});

const settingsOf = (random: SeededRandom): Settings => ({
  partitions: random.pick([1, 1, 2, 4]),
  projectors: random.pick([1, 2, 2, 3]),
  apis: random.pick([1, 1, 2]),
  batchMax: random.pick([1, 2, 3, 5, 10, 100]),
  leaseTtlMs: random.pick([1_500, 3_000]),
  retentionMs: random.pick([2_000, 60_000, 60_000]),
  durationMs: random.pick([400, 800, 2_000]),
});

const opening = (random: SeededRandom, show: number): Extract<ClientAction, { type: 'open' }> => ({
  type: 'open',
  show,
  capacities: [random.pick([3, 6, 12]), random.pick([0, 4, 8])],
  ...(random.chance(0.5) && { holdSeconds: random.pick([1, 1, 2]) }),
  ...(random.chance(0.25) && { maxPerCustomer: random.pick([2, 4]) }),
});

/** Most shows stay as they were drawn. */
const rules = (random: SeededRandom, isClose: boolean) => ({
  ...(isClose && { holdSeconds: 1 }),
  ...(random.chance(0.1) && { maxPerRequest: random.pick([1, 2]) }),
});

/** Limits that are set, cleared and changed in the middle of a sale. */
const changes = (random: SeededRandom): readonly Action[] =>
  Array.from({ length: random.pick([0, 0, 0, 1, 3]) }, () => ({
    atMs: random.between(50, 400),
    type: 'change',
    show: random.below(4),
    pool: 0,
    force: false,
    maxPerCustomer: random.pick([null, 1, 2, 3, 5]),
  }));

const key = (random: SeededRandom) => (random.chance(0.5) ? { key: random.below(30) } : {});

const reserve = (random: SeededRandom): Extract<ClientAction, { type: 'reserve' }> => ({
  type: 'reserve',
  show: random.below(4),
  customer: random.below(5),
  lines: [
    { pool: random.pick([0, 0, 0, 1]), quantity: random.pick([1, 1, 2, 3]) },
    ...(random.chance(0.2) ? [{ pool: 1, quantity: 1 }] : []),
  ],
  waitMs: random.pick([0, 0, 1_000]),
  ...key(random),
});

const call = (random: SeededRandom): ClientAction => {
  const share = random.next();
  if (share < 0.65) return reserve(random);
  if (share < 0.88)
    return {
      type: random.pick(['confirm', 'confirm', 'cancel', 'cancel', 'extend']),
      nth: random.below(6),
      ...key(random),
    };
  if (share < 0.95) return { type: 'again', nth: random.below(20) };
  return {
    type: 'change',
    show: random.below(4),
    pool: random.below(2),
    force: random.chance(0.5),
    ...(random.chance(0.7) ? { capacity: random.pick([0, 2, 5, 9]) } : { closed: random.chance(0.6) }),
  };
};

const forMs = (random: SeededRandom): number => random.pick([20, 100, 400, 1_000, 3_500]);
const clockMs = (random: SeededRandom): number => random.pick([0, 0, 0, -300, -2_000, 1_000]);

const kinds: readonly [(random: SeededRandom) => Fault, ...((random: SeededRandom) => Fault)[]] = [
  (random) => ({ type: 'crash-projector', nth: random.below(3), forMs: forMs(random) }),
  (random) => ({ type: 'crash-projector', nth: random.below(3), forMs: forMs(random) }),
  (random) => ({ type: 'freeze-projector', nth: random.below(3), forMs: forMs(random) }),
  (random) => ({ type: 'freeze-projector', nth: random.below(3), forMs: random.pick([1_000, 2_000, 5_000]) }),
  (random) => ({ type: 'crash-api', nth: random.below(2), forMs: forMs(random) }),
  (random) => ({ type: 'freeze-api', nth: random.below(2), forMs: forMs(random) }),
  () => ({ type: 'join' }),
  (random) => ({ type: 'leave', nth: random.below(3) }),
  (random) => ({ type: 'cut-off', server: server(random), nth: random.below(5), forMs: forMs(random) }),
  (random) => ({ type: 'down', server: server(random), forMs: forMs(random) }),
  (random) => ({
    type: 'weather',
    server: server(random),
    weather: storm(random),
    forMs: random.pick([300, 1_000, 3_000]),
  }),
  (random) => ({
    type: 'weather',
    server: server(random),
    weather: storm(random),
    forMs: random.pick([300, 1_000, 3_000]),
  }),
  (random) => ({ type: 'fail-over', clockMs: clockMs(random), forMs: forMs(random) }),
  (random) => ({ type: 'lose-all', clockMs: clockMs(random), forMs: forMs(random) }),
  (random) => ({ type: 'restore-mysql', forMs: forMs(random) }),
  (random) => ({ type: 'redis-clock', aheadMs: random.pick([-3_000, -500, 500, 5_000]) }),
  wrongClock,
  (random) => ({ type: 'forget-lease', partition: random.below(2) }),
  (random) => ({ type: 'out-of-memory', forMs: forMs(random) }),
];

const fault = (random: SeededRandom): Fault => random.pick(kinds)(random);

const server = (random: SeededRandom) => random.pick(['redis', 'mysql']);

const storm = (random: SeededRandom) => ({
  delayMs: random.pick([0.5, 2, 20]),
  lost: random.pick([0, 0.01, 0.05]),
  unanswered: random.pick([0, 0.02, 0.1]),
  belated: random.pick([0, 0.01, 0.05]),
  refused: random.pick([0, 0.05]),
});

/** Adds a snapshot before each fail-over or restore, for the server to return to. */
const memories = (actions: readonly Action[], random: SeededRandom): readonly Action[] =>
  actions.flatMap(({ type, atMs }): readonly Action[] => {
    if (type !== 'fail-over' && type !== 'restore-mysql') return [];
    const agoMs = random.pick([10, 50, 200, 1_000]);
    const remembered = type === 'fail-over' ? 'redis' : 'mysql';
    return [{ atMs: Math.max(0, atMs - agoMs), type: 'remember', server: remembered }];
  });
