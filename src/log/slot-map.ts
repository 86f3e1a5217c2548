import type { Address } from './redis-url.ts';
import { type NodesView, ownersOf, slotOf } from './slots.ts';

export interface SlotMapOptions {
  /** The views of all nodes that answer; none, and the map stays as it is. */
  readonly askNodes: () => Promise<readonly NodesView[]>;
  /** Told of the masters after each look, and whether something is different. */
  readonly onLooked: (masters: ReadonlySet<Address>, change: 'changed' | 'same') => void;
  /** Whether a master cannot be reached: then somebody may take its place at any moment. */
  readonly isTroubled: () => boolean;
}

export interface SlotMap {
  /** The master that keeps the key, as far as we know. */
  ownerOf(key: string): Address;
  masters(): ReadonlySet<Address>;
  /** Masters and replicas. */
  known(): readonly Address[];
  /** Something was not where the map says, or is gone. */
  doubt(): void;
  stop(): void;
}

const calmMs = 5_000;
const troubledMs = 250;
/** A thousand redirects are one reason to look. */
const doubtMs = 50;

/** Which master keeps which slot: looked up now and then, soon after any doubt, and often while a master is away. */
export const newSlotMap = (first: NodesView, options: SlotMapOptions): SlotMap => {
  const { askNodes, onLooked, isTroubled } = options;
  let owners = ownersOf([first], []);
  let known = addressesIn([first]);
  let timer: NodeJS.Timeout | undefined;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let stopped = false;
  let looks = Promise.resolve();

  const adopt = (views: readonly NodesView[]): void => {
    if (views.length === 0) return;
    const next = ownersOf(views, owners);
    const isSame = next.every((address, slot) => address === owners[slot]);
    owners = next;
    known = addressesIn(views);
    onLooked(new Set(owners), isSame ? 'same' : 'changed');
  };

  const look = async (): Promise<void> => {
    // What comes up meanwhile is looked into afterwards: this look may be too early to see it.
    dueAtMs = Number.POSITIVE_INFINITY;
    const views = await askNodes().catch(() => []);
    if (stopped) return;
    adopt(views);
    plan(isTroubled() ? troubledMs : calmMs);
  };

  const plan = (afterMs: number): void => {
    const atMs = performance.now() + afterMs;
    if (stopped || atMs >= dueAtMs) return;
    dueAtMs = atMs;
    clearTimeout(timer);
    timer = setTimeout(() => {
      // One after the other, or an earlier look could undo what a later one has seen.
      looks = looks.then(look);
    }, afterMs).unref();
  };

  plan(calmMs);
  return {
    ownerOf: (key) => ownerIn(owners, slotOf(key)),
    masters: () => new Set(owners),
    known: () => known,
    doubt: () => plan(doubtMs),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};

const addressesIn = (views: readonly NodesView[]): readonly Address[] => [
  ...new Set(views.flatMap(({ addresses }) => addresses)),
];

const ownerIn = (owners: readonly Address[], slot: number): Address => {
  const owner = owners[slot];
  if (owner === undefined) throw new Error(`no node of the Redis cluster keeps slot ${slot}`);
  return owner;
};
