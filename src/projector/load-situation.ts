import { type CustomerTotals, totalsKey } from '../domain/customer.ts';
import { partitionOf, type RequestId, type ReservationId, type ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { countsCustomers } from '../domain/policies.ts';
import {
  isFollowUp,
  type RequestEvent,
  requestIdOf,
  type ShowChangeRequested,
  type ShowOpeningRequested,
} from '../domain/requests.ts';
import type { Reservation } from '../domain/reservation.ts';
import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { CustomerOfShow, KnownKey, KnownRequest } from '../store/contract.ts';
import {
  collectUnreadable,
  findUndecidable,
  newUnreadableRows,
  type UnreadableRows,
} from './decide/find-undecidable.ts';
import type { Judgement } from './decide/judgements.ts';
import type { Cache } from './memory.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** Which entries are checked for duplicates before deciding: only late ones, or all of them. */
export type DuplicateCheck = 'late-ones' | 'all';

/** The committed state that deciding these entries needs. */
export interface CommittedSituation {
  readonly known: ReadonlyMap<RequestId, KnownRequest>;
  readonly keys: ReadonlyMap<string, KnownKey>;
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  readonly customers: ReadonlyMap<string, CustomerTotals>;
  /**
   * Requests that depend on a row which cannot be read, and why. They are parked unless they are known. That row is missing
   * in the maps above as if it did not exist, so these requests must not be decided.
   */
  readonly undecidable: ReadonlyMap<RequestId, string>;
}

/** The uncommitted state that a batch leaves. All other state is in the database and the caches. */
type UncommittedState = Pick<CommittedSituation, 'reservations' | 'ledgers' | 'customers'>;

interface LoadOptions {
  readonly duplicateCheck: DuplicateCheck;
  /** The batch that is being committed before these entries. */
  readonly base?: UncommittedState;
}

const nothing: UncommittedState = { reservations: new Map(), ledgers: new Map(), customers: new Map() };

/** Reads from the database only what this partition has not cached, and only what the entries and holds name. */
export const loadSituation = async (
  owned: OwnedPartition,
  judgements: readonly Judgement[],
  { duplicateCheck, base = nothing }: LoadOptions,
): Promise<CommittedSituation> => {
  const entries: ReadEntry[] = [];
  const due: Reservation[] = [];
  for (const it of judgements)
    if (it.type === 'entry') entries.push(it.entry);
    else due.push(it.hold);
  const requests = requestsOf(owned, entries);
  const unreadable = newUnreadableRows();
  const [known, keys, reservations] = await Promise.all([
    knownOf(owned, entries, duplicateCheck),
    keysOf(owned, requests, { duplicateCheck, unreadable }),
    reservationsOf(owned, requests, { base: base.reservations, unreadable }),
  ]);
  const shows = [
    ...requests.flatMap((request) => ('showId' in request ? request.showId : [])),
    ...[...reservations.values(), ...due].map(({ showId }) => showId),
  ];
  const ledgers = await ledgersOf(owned, new Set(shows), { base: base.ledgers, unreadable });
  const customers = await customersOf(owned, { requests, reservations, ledgers, due, base, unreadable });
  const lapsesMs = judgements.at(-1)?.judgedAtMs ?? owned.progress.judgedMs;
  const undecidable = findUndecidable(requests, { reservations, unreadable, lapsesMs });
  return { known, keys, reservations, ledgers, customers, undecidable };
};

/** Leaves out misrouted requests: their show or reservation has another owner, so its state must not be cached here. */
const requestsOf = ({ partition }: OwnedPartition, entries: readonly ReadEntry[]): readonly RequestEvent[] =>
  entries.flatMap(({ content }) => {
    if (content.type !== 'request') return [];
    const { request } = content;
    return partitionOf(isFollowUp(request) ? request.reservationId : request.showId) === partition
      ? [request]
      : [];
  });

/**
 * Requests of these entries that were settled before. Entries at or below the watermark are always looked up: they are
 * duplicates, or late. Other entries are nearly always new, so the unique key of the INSERT finds their duplicates. Show
 * openings are looked up too: deciding a second opening throws, so it would be parked before any INSERT.
 */
const knownOf = async (
  { store, progress }: OwnedPartition,
  entries: readonly ReadEntry[],
  duplicateCheck: DuplicateCheck,
): Promise<ReadonlyMap<RequestId, KnownRequest>> => {
  const ids = new Set<RequestId>();
  for (const { streamId, content } of entries) {
    if (content.type !== 'request') continue;
    const late = compareStreamIds(streamId, progress.watermark) <= 0;
    if (duplicateCheck === 'all' || late || content.request.type === 'ShowOpeningRequested')
      ids.add(requestIdOf(content.request));
  }
  return ids.size === 0 ? new Map() : await store.known([...ids]);
};

const keysOf = async (
  { store }: OwnedPartition,
  requests: readonly RequestEvent[],
  {
    duplicateCheck,
    unreadable,
  }: { readonly duplicateCheck: DuplicateCheck; readonly unreadable: UnreadableRows },
): Promise<ReadonlyMap<string, KnownKey>> => {
  const hashes = new Set(requests.flatMap(({ key }) => key?.hash ?? []));
  return duplicateCheck === 'all' && hashes.size > 0
    ? collectUnreadable(unreadable.keys, await store.keys([...hashes]))
    : new Map();
};

interface RowSources<Key, Value> {
  readonly base: ReadonlyMap<Key, Value>;
  readonly unreadable: UnreadableRows;
}

const reservationsOf = (
  { store }: OwnedPartition,
  requests: readonly RequestEvent[],
  { base, unreadable }: RowSources<ReservationId, Reservation>,
): Promise<ReadonlyMap<ReservationId, Reservation>> => {
  const ids = new Set(requests.flatMap((request) => (isFollowUp(request) ? request.reservationId : [])));
  return lookupOrLoad(ids, {
    base,
    read: async (missing) => collectUnreadable(unreadable.reservations, await store.reservations(missing)),
  });
};

const ledgersOf = (
  { store, ledgers: cache }: OwnedPartition,
  showIds: ReadonlySet<ShowId>,
  { base, unreadable }: RowSources<ShowId, ShowLedger>,
): Promise<ReadonlyMap<ShowId, ShowLedger>> =>
  lookupOrLoad(showIds, {
    base,
    cache,
    read: async (missing) => collectUnreadable(unreadable.ledgers, await store.ledgers(missing)),
  });

interface CustomersInput extends Pick<CommittedSituation, 'reservations' | 'ledgers'> {
  readonly requests: readonly RequestEvent[];
  readonly due: readonly Reservation[];
  readonly base: UncommittedState;
  readonly unreadable: UnreadableRows;
}

/**
 * Totals of the customers of shows that count per customer, or may begin to count in this batch. Cached totals are always
 * included: they would otherwise be out of date when the show counts again.
 */
const customersOf = async (
  owned: OwnedPartition,
  { requests, reservations, ledgers, due, base, unreadable }: CustomersInput,
): Promise<ReadonlyMap<string, CustomerTotals>> => {
  const isKnown = (key: string): boolean => owned.customers.has(key) || base.customers.has(key);
  const changing = new Set(requests.flatMap((it) => (setsRules(it) ? it.showId : [])));
  const pairs = new Map<string, CustomerOfShow>();
  const add = ({ showId, customerId }: CustomerOfShow): void => {
    const ledger = ledgers.get(showId);
    const key = totalsKey(showId, customerId);
    if ((ledger && countsCustomers(ledger)) || changing.has(showId) || isKnown(key)) {
      pairs.set(key, { showId, customerId });
    }
  };
  for (const request of requests) if (request.type === 'ReservationRequested') add(request);
  for (const reservation of [...reservations.values(), ...due]) add(reservation);
  return await lookupOrLoad(new Set(pairs.keys()), {
    base: base.customers,
    cache: owned.customers,
    read: async (missing) => {
      const asked = missing.flatMap((key) => pairs.get(key) ?? []);
      return collectUnreadable(unreadable.customers, await owned.store.customerTotals(asked));
    },
  });
};

const setsRules = (request: RequestEvent): request is ShowOpeningRequested | ShowChangeRequested =>
  request.type === 'ShowOpeningRequested' || request.type === 'ShowChangeRequested';

const lookup = <Key, Value>(cache: ReadonlyMap<Key, Value>, keys: Iterable<Key>): Map<Key, Value> => {
  const found = new Map<Key, Value>();
  for (const key of keys) {
    const value = cache.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
};

interface CacheSources<Key, Value> {
  /** Uncommitted values, newer than what is cached or read. */
  readonly base: ReadonlyMap<Key, Value>;
  /** Absent where nothing is cached. */
  readonly cache?: Cache<Key, Value>;
  readonly read: (missing: readonly Key[]) => Promise<Iterable<readonly [Key, Value]>>;
}

/** Loads only what neither `base` nor the cache has. Looks up first: storing a value may evict another that is needed. */
const lookupOrLoad = async <Key, Value>(
  keys: ReadonlySet<Key>,
  { base, cache, read }: CacheSources<Key, Value>,
): Promise<ReadonlyMap<Key, Value>> => {
  const known = new Map([...(cache ? lookup(cache, keys) : []), ...lookup(base, keys)]);
  const missing = [...keys].filter((key) => !known.has(key));
  if (missing.length === 0) return known;
  const found = [...(await read(missing))];
  cache?.putAll(found);
  return new Map([...known, ...found]);
};
