import slotOf from 'cluster-key-slot';
import type { Address } from '../connection/redis-url.ts';
import { type ClusterView, ownersOf } from './slots.ts';

export interface SlotMapOptions {
  /** The views of all nodes that answer; none, and the map stays as it is. */
  readonly askNodes: () => Promise<readonly ClusterView[]>;
  /** Called after each refresh with the masters, and with what has changed. */
  readonly onRefreshed: (masters: ReadonlySet<Address>, change: SlotChange) => void;
  /** Whether a master cannot be reached: then somebody may take its place at any moment. */
  readonly isTroubled: () => boolean;
}

/** `settled`: every slot is where it was, and one that was on its way is not any more. */
export type SlotChange = 'changed' | 'settled' | 'same';

export interface SlotMap {
  /** The master that keeps the key, as far as we know. */
  ownerOf(key: string): Address;
  masters(): ReadonlySet<Address>;
  /** Masters and replicas. */
  known(): readonly Address[];
  /** To be called when a key was not where the map says, or a node is gone. */
  refreshSoon(): void;
  stop(): void;
}

const calmMs = 5_000;
const troubledMs = 250;
/** A thousand redirects cause one refresh. */
const soonMs = 50;

/** Which master keeps which slot: looked up now and then, soon after any doubt, and often while a master is away or a slot on its way. */
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
    // A call of refreshSoon during this refresh plans another one: this one may be too early to see the change.
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
      // One after the other, or an earlier refresh could undo a later one.
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
