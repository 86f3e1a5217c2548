import slotOf from 'cluster-key-slot';
import type { Address } from '../connection/redis-url.ts';
import { type ClusterView, ownersOf } from './slots.ts';

export interface SlotMapOptions {
  /** The views of all nodes that answer. When none answers, the map stays as it is. */
  readonly askNodes: () => Promise<readonly ClusterView[]>;
  /** Called after each refresh with the masters, and with what has changed. */
  readonly onRefreshed: (masters: ReadonlySet<Address>, change: SlotChange) => void;
  /** Whether a master cannot be reached: a replica may then take its place at any moment. */
  readonly isTroubled: () => boolean;
}

/** `settled`: every slot has the same master as before, and at least one slot has stopped moving. */
export type SlotChange = 'changed' | 'settled' | 'same';

export interface SlotMap {
  /** The master that keeps the key, as far as we know. */
  ownerOf(key: string): Address;
  masters(): ReadonlySet<Address>;
  /** All known nodes, masters and replicas. */
  known(): readonly Address[];
  /** Called when a key was not where the map says, or when a node is gone. */
  refreshSoon(): void;
  stop(): void;
}

const calmMs = 5_000;
const troubledMs = 250;
/** Short delay before a refresh, so that a thousand redirects cause one refresh. */
const soonMs = 50;

/**
 * Which master keeps which slot. The map is refreshed regularly, soon after any doubt, and often while a
 * master is away or a slot is moving.
 */
export const newSlotMap = (first: ClusterView, options: SlotMapOptions): SlotMap => {
  const { askNodes, onRefreshed, isTroubled } = options;
  let owners = ownersOf([first], []);
  let known = addressesIn([first]);
  let moving = movingIn([first]);
  let timer: NodeJS.Timeout | undefined;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let stopped = false;
  let refreshes = Promise.resolve();

  const adopt = (views: readonly ClusterView[]): void => {
    if (views.length === 0) return;
    const next = ownersOf(views, owners);
    const isSame = next.every((address, slot) => address === owners[slot]);
    const movingNow = movingIn(views);
    const hasSettled = [...moving].some((slot) => !movingNow.has(slot));
    owners = next;
    known = addressesIn(views);
    moving = movingNow;
    const unchanged = hasSettled ? 'settled' : 'same';
    onRefreshed(new Set(owners), isSame ? unchanged : 'changed');
  };

  const refresh = async (): Promise<void> => {
    // A call of refreshSoon during this refresh schedules another one, because this one may be too early to
    // see the change.
    dueAtMs = Number.POSITIVE_INFINITY;
    const views = await askNodes().catch(() => []);
    if (stopped) return;
    adopt(views);
    plan(isTroubled() || moving.size > 0 ? troubledMs : calmMs);
  };

  const plan = (afterMs: number): void => {
    const atMs = performance.now() + afterMs;
    if (stopped || atMs >= dueAtMs) return;
    dueAtMs = atMs;
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Refreshes run one after the other; otherwise an earlier one could overwrite the result of a later
      // one.
      refreshes = refreshes.then(refresh);
    }, afterMs).unref();
  };

  plan(calmMs);
  return {
    ownerOf: (key) => ownerIn(owners, slotOf(key)),
    masters: () => new Set(owners),
    known: () => known,
    refreshSoon: () => plan(soonMs),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};

const addressesIn = (views: readonly ClusterView[]): readonly Address[] => [
  ...new Set(views.flatMap(({ addresses }) => addresses)),
];

const movingIn = (views: readonly ClusterView[]): ReadonlySet<number> =>
  new Set(views.flatMap(({ moving }) => moving));

const ownerIn = (owners: readonly Address[], slot: number): Address => {
  const owner = owners[slot];
  if (owner === undefined) throw new Error(`no node of the Redis cluster keeps slot ${slot}`);
  return owner;
};
