import type {
  Decision,
  JournalEntry,
  ReservationHeld,
  ReservationRef,
  ShowChanged,
  ShowOpened,
} from '../../src/domain/decisions.ts';
import {
  type CustomerId,
  newUuidText,
  type PoolId,
  partitionOf,
  type RequestId,
  type ReservationId,
  type ShowId,
} from '../../src/domain/ids.ts';
import type { Line } from '../../src/domain/lines.ts';
import type { RejectionReason } from '../../src/domain/reasons.ts';
import type { RequestKey, ShowRules } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type {
  Batch,
  Claim,
  CommitVerdict,
  ParkedEntry,
  PartitionStore,
  Progress,
} from '../../src/store/contract.ts';
import { claimFor } from './claim-for.ts';

export const BASE_MS = 1_700_000_000_000;

let made = 0;

/** Makes an id; a later one is always larger. */
export const newId = (partition: number): ShowId & ReservationId => {
  made += 1;
  const tail = made.toString(16).padStart(16, '0');
  return newUuidText({ timeMs: BASE_MS + made, partition, tail }) as ShowId & ReservationId;
};

export const newPoolId = (text: string): PoolId => text as PoolId;
export const newCustomerId = (text: string): CustomerId => text as CustomerId;

export const lineOf = (pool: string, quantity: number): Line => ({ poolId: newPoolId(pool), quantity });

export const opening = (showId: ShowId, capacities: Readonly<Record<string, number>>): ShowOpened => ({
  type: 'ShowOpened',
  showId,
  name: `Show ${showId}`,
  pools: Object.entries(capacities).map(([id, capacity]) => ({
    id: newPoolId(id),
    name: `Pool ${id}`,
    capacity,
  })),
  rules: { maxPerRequest: 8, closesAtMs: BASE_MS + 3_600_000 },
});

export interface Wish {
  readonly id?: ReservationId;
  readonly customer?: string;
  readonly reference?: string;
}

const factsOf = (showId: ShowId, lines: readonly Line[], { id, customer, reference }: Wish) => ({
  reservationId: id ?? newId(partitionOf(showId)),
  showId,
  customerId: newCustomerId(customer ?? 'anyone'),
  lines,
  ...(reference !== undefined && { reference }),
});

export const confirmed = (showId: ShowId, lines: readonly Line[], wish: Wish = {}): Decision => ({
  type: 'ReservationConfirmed',
  ...factsOf(showId, lines, wish),
});

export const rejected = (
  showId: ShowId,
  lines: readonly Line[],
  { reason, poolId, ...wish }: Wish & { readonly reason: RejectionReason; readonly poolId?: PoolId },
): Decision => ({
  type: 'ReservationRejected',
  ...factsOf(showId, lines, wish),
  reason,
  ...(poolId !== undefined && { poolId }),
});

export const held = (
  showId: ShowId,
  lines: readonly Line[],
  { expiresAtMs, ...wish }: Wish & { readonly expiresAtMs: number },
): ReservationHeld => ({ type: 'ReservationHeld', ...factsOf(showId, lines, wish), expiresAtMs });

/** The part of a reservation by which later decisions refer to it. */
export const refOf = ({ reservationId, showId, customerId }: ReservationRef): ReservationRef => ({
  reservationId,
  showId,
  customerId,
});

/** The second revision of a show. Each pool is given by its capacity, or by capacity and target. */
export const changing = (
  showId: ShowId,
  pools: Readonly<Record<string, number | { readonly capacity: number; readonly target: number }>>,
  rules: ShowRules = {},
): ShowChanged => ({
  type: 'ShowChanged',
  showId,
  revision: 2,
  name: 'A show with another name',
  pools: Object.entries(pools).map(([id, size]) => ({
    id: newPoolId(id),
    name: `Other ${id}`,
    ...(typeof size === 'number' ? { capacity: size } : size),
  })),
  rules,
});

/** 32 hex digits from a word. */
export const hashOf = (word: string): string =>
  Buffer.from(word.padEnd(16, '.')).toString('hex').slice(0, 32);

export const keyOf = (word: string, asked = 'this'): RequestKey => ({
  hash: hashOf(word),
  fingerprint: hashOf(asked),
});

/** A decision, alone or with the request that it answers. */
export type Told =
  | Decision
  | { readonly decision: Decision; readonly requestId?: RequestId; readonly key?: RequestKey };

const requestOf = (decision: Decision): RequestId | undefined => {
  if (decision.type === 'HoldExpired') return undefined;
  if ('lines' in decision && !('released' in decision) && !('from' in decision))
    return decision.reservationId;
  if (decision.type === 'ShowOpened') return decision.showId;
  const about = 'reservationId' in decision ? decision.reservationId : undefined;
  return newId(partitionOf(about ?? decision.showId ?? newId(0)));
};

/** The entry at a position; its stream id and times are derived from the position. */
export const entryAt = (position: number, told: Told): JournalEntry => {
  const { decision, key, requestId = requestOf(decision) } = 'decision' in told ? told : { decision: told };
  return {
    position,
    ...(requestId !== undefined && { requestId, streamId: newStreamId(BASE_MS + position, 0) }),
    ...(key && { key }),
    decidedAtMs: BASE_MS + position,
    late: false,
    decision,
  };
};

export interface Standing {
  readonly claim: Claim;
  readonly progress: Progress;
}

/**
 * The batch that an owner would commit next. Each position, also that of a batch which only parks, moves the
 * watermark by one.
 */
export const batchOf = (
  { claim, progress }: Standing,
  decisions: readonly Told[],
  parked: readonly ParkedEntry[] = [],
): Batch => {
  const entries = decisions.map((decision, index) => entryAt(progress.position + 1 + index, decision));
  const position = progress.position + Math.max(1, entries.length);
  const after: Progress = {
    position,
    watermark: newStreamId(BASE_MS + position, 0),
    clockMs: BASE_MS + position,
    // Later than the watermark's time, because a hold lapsed after it.
    judgedMs: BASE_MS + position + 3,
  };
  return { claim, before: progress, after, entries, parked };
};

/** An owner that tracks its claim and progress as the projector does. */
export class Owner {
  readonly #store: PartitionStore;
  standing: Standing;

  constructor(store: PartitionStore, standing: Standing) {
    this.#store = store;
    this.standing = standing;
  }

  async commit(decisions: readonly Told[], parked: readonly ParkedEntry[] = []): Promise<CommitVerdict> {
    const batch = batchOf(this.standing, decisions, parked);
    const verdict = await this.#store.commit(batch);
    if (verdict.type === 'committed') this.standing = { ...this.standing, progress: batch.after };
    return verdict;
  }
}

export const newOwner = async (store: PartitionStore, partition: number, name = 'test'): Promise<Owner> =>
  new Owner(store, await claimFor(store, partition, name));

export interface Seller {
  readonly owner: Owner;
  readonly show: ShowId;
  readonly sell: (quantity?: number, id?: ReservationId) => Promise<CommitVerdict>;
  /** The number of its five places that are sold, as committed. */
  readonly sold: () => Promise<number | undefined>;
}

/** The owner of a partition with an open show of five places. */
export const newSeller = async (store: PartitionStore, partition: number): Promise<Seller> => {
  const owner = await newOwner(store, partition);
  const show = newId(partition);
  await owner.commit([opening(show, { a: 5 })]);
  return {
    owner,
    show,
    sell: (quantity = 1, id = newId(partition)) =>
      owner.commit([confirmed(show, [lineOf('a', quantity)], { id })]),
    sold: async () => (await store.ledgers([show])).get(show)?.pools[0]?.confirmed,
  };
};
